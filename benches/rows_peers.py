"""The same table read by pandas or Polars: python3 benches/rows_peers.py pandas|polars|polars-sampled FILE.csv.gz

`polars` looks at every row for the columns' types, `polars-sampled` at the first hundred. Beside the sum it prints the seconds of the reading alone, without
the start of Python and the import."""
import sys
import time

kind, file = sys.argv[1:]
if kind == "pandas":
    import pandas

    begin = time.perf_counter()
    table = pandas.read_csv(file)
else:
    import polars

    begin = time.perf_counter()
    table = polars.read_csv(file, infer_schema_length=100 if kind == "polars-sampled" else None)
seconds = time.perf_counter() - begin
print(f"{len(table)} rows, obs_value sums to {table['obs_value'].sum():.0f}, read in {seconds:.3f} s")
