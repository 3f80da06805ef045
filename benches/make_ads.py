"""Writes a synthetic year of job ads in JobTech's layout (JSON lines in a zip): python3 benches/make_ads.py OUT.jsonl.zip YEAR ADS.

An ad is some 7 kB, most of it text, as in the real files. The same arguments give the same bytes.
"""
import json
import random
import sys
import zipfile

GROUPS = ["2221", "5321", "5120", "2512", "7411", "6210", "5223", "9111", "2341", "8331", "3112", "4119"]
COUNTIES = ["01", "03", "04", "05", "06", "07", "08", "09", "10", "12", "13", "14", "17", "18", "19", "20", "21", "22", "23", "24", "25"]
WORDS = "vi söker dig som trivs med människor och vill arbeta i fjällen eller i skogen tillsammans med oss på en arbetsplats där du får växa".split()


def main(path, year, ads):
    numbers = random.Random(1)
    texts = [" ".join(numbers.choices(WORDS, k=1050)) + "\n\"citat\"" for _ in range(200)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        part = zipfile.ZipInfo(f"{year}.jsonl", (year, 1, 1, 0, 0, 0))
        part.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(part, "w", force_zip64=True) as lines:
            for number in range(ads):
                group = {"concept_id": "abcd_efg_hij", "label": "Yrke", "legacy_ams_taxonomy_id": numbers.choice(GROUPS)}
                ad = {
                    "id": str(number), "external_id": None, "headline": texts[number % 200][:60], "application_deadline": f"{year}-12-24T23:59:59",
                    "number_of_vacancies": numbers.randint(1, 9), "description": {"text": texts[number % 200], "company_information": None},
                    "employer": {"name": f"Arbetsgivare {number % 997}", "organization_number": "5560000000"},
                    "occupation": [{"concept_id": "x", "label": "y", "legacy_ams_taxonomy_id": "1"}],
                    "occupation_group": [group] if number % 3 else group,
                    "workplace_address": {"municipality": "Östersund", "region_code": numbers.choice(COUNTIES) if number % 50 else None, "region": "län", "coordinates": [14.6, 63.2]},
                    "publication_date": f"{year if number % 100 else year - 1}-{numbers.randint(1, 12):02d}-{numbers.randint(1, 28):02d}T08:00:00",
                    "last_publication_date": None, "removed": False, "must_have": {"skills": [], "languages": []},
                }
                lines.write(json.dumps(ad, ensure_ascii=False).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
