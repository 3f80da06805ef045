#!/usr/bin/env python
"""Holds `malmarknad compare` against a decomposition computed with pandas from the publishers' files (method.py, which shares nothing with the program).

compare_years.py --county 23 --program PATH --work DIR
The earlier run is of 2024 with the method in force; the later of 2026 with other weights in a copy of data/, so that every part is moved by something. Five
states: the earlier run; the same from what both runs have; its method on the later figures; the later method on them; the later run. Score by score and
place by place, the changes and their four parts must agree to 1e-9."""
import argparse, json, os, shutil, subprocess, sys, tomllib
import pandas as pd

HOME = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
ap = argparse.ArgumentParser()
ap.add_argument('--county', default='23'); ap.add_argument('--program', required=True); ap.add_argument('--work', required=True)
A = ap.parse_args()
os.makedirs(A.work, exist_ok=True)
TOLERANCE, YEARS = 1e-9, (2024, 2026)
STEPS = ('coverage_went', 'data', 'method', 'coverage_came')

# --- another method: other weights on Trolig
other = f'{A.work}/home'
if not os.path.exists(other): shutil.copytree(f'{HOME}/data', f'{other}/data', ignore=shutil.ignore_patterns('snapshots'))
method = open(f'{HOME}/data/method.toml', encoding='utf-8').read()
weights = tomllib.loads(method)['weightings']['likely']
for pillar, shift in (('pool', 0.05), ('mobility', -0.05)):
    begin = method.index(f'\n{pillar} = {{ weight = {weights[pillar]["weight"]:.2f}', method.index('[weightings.likely]'))
    end = method.index(',', begin)
    method = f'{method[:begin]}\n{pillar} = {{ weight = {weights[pillar]["weight"] + shift:.2f}{method[end:]}'
open(f'{other}/data/method.toml', 'w', encoding='utf-8').write(method)
changed = tomllib.loads(method)['weightings']['likely']
assert all(abs(changed[p]['weight'] - weights[p]['weight'] - s) < 1e-9 for p, s in (('pool', 0.05), ('mobility', -0.05)))

def program(*arguments): subprocess.run([A.program, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
def run(home, year):
    program('--home', home, 'run', '--quiet', '--county', A.county, '--year', str(year), '--formats', 'csv', '--replicates', '1', '--out', f'{A.work}/runs')
    return f'{A.work}/runs/{year}-{A.county}'
before, now = run(HOME, YEARS[0]), run(other, YEARS[1])
program('compare', before, now, '--csv', f'{A.work}/{A.county}')
theirs = pd.read_csv(f'{A.work}/{A.county}/changes.csv', dtype=str, keep_default_na=False)

def own(name, year, home, kept=None):
    out = f'{A.work}/{A.county}/{name}'
    command = [sys.executable, '-W', 'ignore', f'{HOME}/checks/independent/method.py', '--county', A.county, '--year', str(year), '--out', out,
               '--method', f'{home}/data/method.toml', '--areas', f'{home}/data/areas.toml'] + (['--kept', kept] if kept else [])
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    read = lambda table: pd.read_csv(f'{out}/{table}.csv', dtype=str, keep_default_na=False, na_filter=False)
    return {table: read(table) for table in ('demand', 'indicators', 'markets')}

# --- what both runs have
POINTS = ('recruitment', 'outlook', 'vacancies', 'replacement', 'growth')
def points(state): return {(r['ssyk4'], i) for r in state['demand'].to_dict('records') for i in POINTS if r[i] != ''}
def indicators(state): return set(map(tuple, state['indicators'][['market_type', 'market', 'indicator']].drop_duplicates().to_numpy()))
first, last = own('first', YEARS[0], HOME), own('last', YEARS[1], other)
kept = f'{A.work}/{A.county}/kept.json'
json.dump({'points': sorted(points(first) & points(last)), 'indicators': sorted(indicators(first) & indicators(last))}, open(kept, 'w'))
states = [first, own('kept', YEARS[0], HOME, kept), own('figures', YEARS[1], HOME, kept), own('method', YEARS[1], other, kept), last]

def standings(state):
    m = state['markets']; m = m[m.ranked == 'true']
    return {k: {r['market']: float(r['score']) for r in g.to_dict('records') if r['score'] != ''} for k, g in m.groupby(['weighting', 'market_type', 'area'])}
def ranks(scores): return {c: 1 + sum(other_ > s for other_ in scores.values()) for c, s in scores.items()}
ST = [standings(s) for s in states]
rows, wrong, compared, parts_seen = {}, [], 0, dict.fromkeys(STEPS, 0)
for key in set(ST[0]) | set(ST[-1]):
    scores = [s.get(key, {}) for s in ST]
    common = set.intersection(*(set(s) for s in scores))
    places = [ranks(scores[0]), *(ranks({c: v for c, v in s.items() if c in common}) for s in scores[1:4]), ranks(scores[4])]
    for c in set(scores[0]) | set(scores[4]):
        row = {'score_before': scores[0].get(c), 'score_now': scores[4].get(c), 'rank_before': places[0].get(c), 'rank_now': places[4].get(c)}
        if c in scores[0] and c in scores[4]: row['score_change'], row['places_up'] = scores[4][c] - scores[0][c], places[0][c] - places[4][c]
        if c in common:
            for step, i in zip(STEPS, range(4)):
                row[f'score_{step}'], row[f'places_{step}'] = scores[i + 1][c] - scores[i][c], places[i][c] - places[i + 1][c]
        rows[(*key, c)] = row
seen = set()
for r in theirs.to_dict('records'):
    key = (r['weighting'], r['market_type'], r['area'], r['market']); seen.add(key)
    mine = rows.get(key)
    if mine is None: wrong.append((key, 'only the program has it')); continue
    for column in [c for c in theirs.columns if c.startswith(('score_', 'rank_', 'places_'))]:
        a, b = mine.get(column), r[column]
        compared += 1
        if (a is None) != (b == '') or (a is not None and abs(a - float(b)) > TOLERANCE): wrong.append((key, column, a, b))
    if r['score_data'] != '':
        for scale, change in (('score', 'score_change'), ('places', 'places_up')):
            total = sum(float(r[f'{scale}_{step}']) for step in STEPS)
            if abs(total - float(r[change])) > TOLERANCE: wrong.append((key, f'the parts of {change} sum to {total}', r[change]))
        for step in STEPS: parts_seen[step] += abs(float(r[f'score_{step}'])) > TOLERANCE
wrong += [(key, 'only pandas has it') for key in rows if key not in seen]
whole = sum(r['score_data'] != '' for r in theirs.to_dict('records'))
print(f'county {A.county}, {YEARS[0]} to {YEARS[1]}: {len(theirs)} changes, {whole} with parts, {compared} cells compared, {len(wrong)} differ by more than {TOLERANCE:g}; '
      f'rows that each part moves: {parts_seen}')
for line in wrong[:10]: print('  ', *line)
if not parts_seen['method'] or not parts_seen['data'] or not parts_seen['coverage_came']: print('   a part moves nothing: the check proves too little'); sys.exit(1)
sys.exit(bool(wrong))
