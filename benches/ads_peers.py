"""The same counts by Polars or DuckDB: python3 benches/ads_peers.py polars|duckdb FILE.jsonl.zip YEAR. Neither reads a zip, so it is unpacked first, as a user would."""
import os
import shutil
import sys
import tempfile
import zipfile


def unpacked(path, folder):
    with zipfile.ZipFile(path) as archive:
        name = archive.namelist()[0]
        target = os.path.join(folder, "ads.jsonl")
        with archive.open(name) as source, open(target, "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
    return target


def with_polars(path, year):
    import polars as pl

    # Only the fields that are counted: a schema makes Polars skip the rest. The group is one object or a list, so it is read as text.
    schema = {"occupation_group": pl.String, "workplace_address": pl.Struct({"region_code": pl.String}), "publication_date": pl.String}
    ads = pl.scan_ndjson(path, schema=schema, ignore_errors=True).filter(pl.col("publication_date").str.starts_with(str(year)))
    group = pl.col("occupation_group").str.extract(r'legacy_ams_taxonomy_id"\s*:\s*"(\d{4})"')
    ads = ads.select(group=group, county=pl.col("workplace_address").struct.field("region_code").fill_null(""), month=pl.col("publication_date").str.slice(5, 2).cast(pl.Int32))
    return ads.drop_nulls("group").group_by("group", "county", "month").len("ads").sort("group", "county", "month").collect(engine="streaming").write_csv(quote_style="never")


def with_duckdb(path, year):
    import duckdb

    columns = "{occupation_group: 'JSON', workplace_address: 'STRUCT(region_code VARCHAR)', publication_date: 'VARCHAR'}"
    query = f"""
        SELECT "group", county, month, count(*) AS ads FROM (
            SELECT coalesce(json_extract_string(occupation_group, '$.legacy_ams_taxonomy_id'), json_extract_string(occupation_group, '$[0].legacy_ams_taxonomy_id')) AS "group",
                   coalesce(workplace_address.region_code, '') AS county, CAST(substr(publication_date, 6, 2) AS INTEGER) AS month
            FROM read_json('{path}', format='newline_delimited', columns={columns}, maximum_object_size=20000000)
            WHERE publication_date LIKE '{year}%')
        WHERE "group" IS NOT NULL GROUP BY ALL ORDER BY ALL"""
    lines = ["group,county,month,ads"] + [",".join(str(cell) for cell in row) for row in duckdb.sql(query).fetchall()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write({"polars": with_polars, "duckdb": with_duckdb}[sys.argv[1]](unpacked(sys.argv[2], folder), int(sys.argv[3])))
