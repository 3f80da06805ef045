#!/usr/bin/env python
"""influence.py INDEPENDENT PROGRAM COUNTY: the table `influence` computed with pandas from SCB's wage files, and from the demand and areas of method.py,
against the program's; every number to 1e-9. Also: what the floor closes of each area is what the open share of a third country without other gates lacks."""
import os, sys, tomllib
import pandas as pd

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
SE = os.path.join(os.environ.get('MALMARKNAD_RECORDED', os.path.join(HOME, '../shared/recorded')), 'se/')
independent, program, county = sys.argv[1:4]
year = 2026
rules = tomllib.load(open(os.path.join(HOME, 'data/permit-rules.toml'), 'rb'))
floor = rules['pay_floor']['floor']
earlier = rules['pay_floor']['median'] * rules['pay_floor']['earlier_share']
REGION = {'01': 'Stockholm', '22': 'Mellersta Norrland', '23': 'Mellersta Norrland'}[county]
read = lambda folder, name: pd.read_csv(f'{folder}/{name}.csv', dtype=str, keep_default_na=False)

def wages(name, column, sex, region=None):
    d = pd.read_parquet(SE + f'scb/wages/{name}.parquet')
    d = d[(d.Sektor == 'samtliga sektorer') & (d['År'] <= year)]
    newest = d['År'].max()
    d = d[(d['Kön'] == sex) & (d['År'] == newest)]
    if region: d = d[d.Region == region]
    return {s: float(v) for s, v in zip(d.SSYK, d[column]) if v == v}, int(newest)

mean, mean_year = wages('lonregion', 'Medellön', 'Totalt', REGION)
median, median_year = wages('lonespridning', 'Median', 'Totalt')
p75, _ = wages('lonespridning', 'P75', 'Totalt')
sexes = {s: (wages('lonregion', 'Medellön', k, REGION)[0], wages('lonespridning', 'Median', k)[0]) for s, k in (('women', 'Kvinnor'), ('men', 'Män'))}

demand = read(independent, 'demand')
demand = demand[demand.rating.isin(['brist', 'bevakas'])]
expected = {}
for r in demand.itertuples():
    o = r.ssyk4
    if o in mean: pay, basis, when, of_sex = mean[o], 'region_mean', mean_year, {s: t[0].get(o) for s, t in sexes.items()}
    elif o in median: pay, basis, when, of_sex = median[o], 'country_median', median_year, {s: t[1].get(o) for s, t in sexes.items()}
    elif o in p75: pay, basis, when, of_sex = p75[o], 'country_upper_quartile', median_year, {}
    else: pay, basis, when, of_sex = None, '', None, {}
    own = lambda part: '; '.join(x['key'] for x in rules['occupation_rules'] if any(o.startswith(p) for p in x[part]))
    expected[o] = dict(rating=r.rating, need=float(r.need), volume=float(r.volume), employed_women=int(r.employed_women), employed_men=int(r.employed_men),
                       employed_total=int(r.employed_women) + int(r.employed_men), pay=pay, pay_basis=basis, pay_period=when, pay_women=of_sex.get('women'),
                       pay_men=of_sex.get('men'), upper_quartile=p75.get(o), floor=floor, gap=None if pay is None else floor - pay,
                       gap_share=None if pay is None else (floor - pay) / floor, below=None if pay is None else pay < floor, floor_earlier=earlier,
                       below_earlier=None if pay is None else pay < earlier, quartile_reaches=None if o not in p75 else p75[o] >= floor,
                       rules=own('occupations'), rules_partly=own('partly'))

ours = read(program, 'influence')
faults, cells = [], 0
if sorted(ours.ssyk4) != sorted(expected): faults.append(f'other occupations: {set(ours.ssyk4) ^ set(expected)}')
if list(ours.volume.astype(float)) != sorted(ours.volume.astype(float), reverse=True): faults.append('not by volume')
for r in ours.to_dict('records'):
    for column, value in expected.get(r['ssyk4'], {}).items():
        found = r[column]; cells += 1
        if isinstance(value, bool): good = found == str(value).lower()
        elif value is None: good = found == ''
        elif isinstance(value, str): good = found == value
        else: good = found != '' and abs(float(found) - value) <= 1e-9 * max(1.0, abs(value))
        if not good: faults.append(f"{r['ssyk4']} {column}: {found!r} instead of {value!r}")

# The areas: need times volume times share.
shares = read(independent, 'area_occupations')
markets = read(program, 'markets')
fit = read(program, 'fit')
likely = fit[(fit.weighting == 'likely') & (fit.market_type == 'country')]
letters = likely.groupby('market').gate.agg(set)
plain = sorted(c for c, found in letters.items() if 'A' not in found and 'D' not in found)
if not plain: faults.append('no third country without other gates')
for area, rows in shares.groupby('area', sort=False):
    weight = {o: expected[o]['need'] * expected[o]['volume'] * float(w) for o, w in zip(rows.ssyk4, rows.weight) if o in expected}
    whole = sum(weight.values())
    if not whole: continue
    closed = sum(w for o, w in weight.items() if expected[o]['below']) / whole
    own = markets[(markets.weighting == 'likely') & (markets.area == area) & markets.market.isin(plain)]
    for market, found in zip(own.market, own.open_share):
        cells += 1
        if abs(float(found) - (1 - closed)) > 1e-9: faults.append(f'{area} {market}: open share {found}, but {1 - closed}')
print(f'influence, county {county}: {len(expected)} occupations, {sum(e["below"] is True for e in expected.values())} closed, {cells} cells and open shares compared, {len(faults)} differ')
for fault in faults[:10]: print('   ' + fault)
sys.exit(1 if faults else 0)
