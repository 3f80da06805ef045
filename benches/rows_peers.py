"""The same table read by pandas or Polars: python3 benches/rows_peers.py pandas|polars FILE.csv.gz"""
import sys

if sys.argv[1] == "pandas":
    import pandas

    table = pandas.read_csv(sys.argv[2])
else:
    import polars

    table = polars.read_csv(sys.argv[2], infer_schema_length=None)
print(f"{len(table)} rows, obs_value sums to {table['obs_value'].sum():.0f}")
