#!/usr/bin/env python
"""explain.py --county 23 --tables DIR [--scores 24] -- COMMAND...
Asks the program (COMMAND, for example `cargo run --quiet --`) to explain seeded random scores of a county, computes every chain again from the texts of its cells, and holds
scores, pillars, indicators, pools, keys, points, needs and weights against the tables that method.py made from the publishers' files (DIR). Exit code 1 on a difference above 1e-9."""
import argparse, json, math, os, random, subprocess, sys
import pandas as pd
ap = argparse.ArgumentParser()
ap.add_argument('--county', required=True); ap.add_argument('--tables', required=True); ap.add_argument('--year', default='2026')
ap.add_argument('--scores', type=int, default=24); ap.add_argument('command', nargs='+')
A = ap.parse_args()
TOL = 1e-9

def table(name):
    return pd.read_csv(os.path.join(A.tables, name + '.csv'), dtype=str, keep_default_na=False, na_filter=False)
def num(text): return float(text) if text not in ('', None) else None
fit, markets, indicators, supply = table('fit'), table('markets'), table('indicators'), table('supply')
demand = {r['ssyk4']: r for r in table('demand').to_dict('records')}
key = {(r['ssyk4'], r['isco08']): float(r['weight']) for r in table('crosswalk').to_dict('records')}
IND = {(r['market_type'], r['market'], r['ssyk4'], r['indicator']): r for r in indicators.to_dict('records')}
POOL = {(r['market'], r['ssyk4']): r for r in supply.to_dict('records')}
FIT = {(r['weighting'], r['market_type'], r['market'], r['ssyk4']): r for r in fit.to_dict('records')}
largest, compared, wrong = 0.0, 0, []

def hold(what, ours, theirs):
    """ours by the chain, theirs by the independent computation"""
    global largest, compared
    if ours is None and theirs is None: return
    compared += 1
    d = math.inf if ours is None or theirs is None else abs(ours - theirs) / max(1.0, abs(theirs))
    if d > TOL: wrong.append(f'{what}: {ours} by the chain, {theirs} independently')
    else: largest = max(largest, d)

def shape(v):
    n, m = len(v), sum(v) / len(v)
    M = lambda k: sum((x - m) ** k for x in v) / n
    if n < 4 or M(2) <= 0: return None
    return M(3) / M(2) ** 1.5 * math.sqrt(n * (n - 1)) / (n - 2), ((n + 1) * (M(4) / M(2) ** 2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
def treated(v0, s):
    fails = lambda v: (lambda z: z is not None and abs(z[0]) >= s['skewness'] and z[1] >= s['kurtosis'])(shape(v))
    v = list(v0)
    for _ in range(s['most_rounds']):
        if not fails(v): return v
        u = sorted(set(v)); ext, nxt = (u[-1], u[-2]) if shape(v)[0] >= 0 else (u[0], u[1])
        v = [nxt if x == ext else x for x in v]
    if not fails(v): return v
    lo, hi = min(v0), max(v0)
    return [math.log(x - lo + 0.01 * (hi - lo)) for x in v0]
def cell(c): return {'true': 1.0, 'false': 0.0}.get(c['text']) if c['text'] in ('true', 'false') else num(c['text']) if c['number'] is not None else None
def weight(i): return value(i['weight_chain']) if i['weight_chain'] else (1.0 if i['weight'] is None else i['weight'])

def value(s):
    """The value of a step from its cells' texts and the method's numbers; held against what is printed."""
    x = [value(i) for i in s['inputs']]; w = [weight(i) for i in s['inputs']]; c = [cell(k) for k in s['cells']]
    p = [(a, b) for a, b in zip(x, w) if a is not None]; whole = sum(b for _, b in p); full = None not in x
    op = s['operation']
    if op == 'cells': v = None if None in c else sum(c) * s['factor']
    elif op == 'count_of_cells': v = float(len(c))
    elif op in ('given', 'constant', 'counted'): v = s['value']
    elif op == 'missing': v = None
    elif op == 'mean': v = sum(a for a, _ in p) / len(p) if p else None
    elif op == 'weighted_sum': v = sum(a * b for a, b in p) if p else None
    elif op == 'weighted_mean': v = sum(a * b for a, b in p) / whole if whole else None
    elif op == 'weighted_geometric_mean': v = math.exp(sum(b * math.log(a) for a, b in p) / whole) if whole else None
    elif op == 'pay_points':
        r = lambda a: a is not None and a >= s['floor']
        v = s['reaches'] if r(x[0]) else s['upper_reaches'] if r(x[1]) or x == [None, None] else s['below']
    elif not full: v = None
    elif op == 'sum': v = sum(x)
    elif op == 'difference': v = x[0] - x[1]
    elif op == 'product': v = math.prod(x)
    elif op == 'quotient': v = x[0] / x[1]
    elif op == 'one_minus': v = 1 - x[0]
    elif op == 'negation': v = -x[0]
    elif op == 'natural_logarithm': v = math.log(x[0])
    elif op == 'logarithm_of_one_plus': v = math.log1p(x[0])
    elif op == 'exponential': v = math.exp(x[0])
    elif op == 'largest': v = max(x)
    elif op == 'scale':
        lo, hi = (math.log(s['low']), math.log(s['high'])) if s['logarithmic'] else (s['low'], s['high'])
        v = s['bottom'] + (s['top'] - s['bottom']) * min(1.0, max(0.0, (x[0] - lo) / (hi - lo)))
        if s['reverse']: v = s['bottom'] + s['top'] - v
    elif op == 'points': v = float(sum(x[0] >= k for k in s['cuts']))
    elif op == 'quartile': v = float(4 * s['below'] // s['of'])
    elif op == 'treated_min_max':
        t = treated(x, s); own = t[[i['key'] for i in s['inputs']].index(s['own'])]
        v = s['bottom'] + (s['top'] - s['bottom']) * (own - min(t)) / (max(t) - min(t)) if min(t) < max(t) else None
    elif op == 'great_circle':
        a, b, d, e = map(math.radians, x); h = math.sin((d - a) / 2) ** 2 + math.cos(a) * math.cos(d) * math.sin((e - b) / 2) ** 2
        v = 2 * s['radius'] * math.asin(math.sqrt(h))
    elif op == 'line':
        n, X, Y, XX, XY = (s[k] for k in ('count', 'sum_x', 'sum_y', 'sum_xx', 'sum_xy')); b = (n * XY - X * Y) / (n * XX - X * X)
        v = (Y - b * X) / n + b * x[0]
    else: raise SystemExit(f'an operation that this check does not know: {op}')
    hold(f'printed {s["key"]}', v, s['value'])
    return v

def walk(s):
    yield s
    for i in ([s['weight_chain']] if s['weight_chain'] else []) + s['inputs']: yield from walk(i)

def hold_fit(chain, list_, kind, market, ssyk):
    row = FIT[list_, kind, market, ssyk]
    hold(f'fit {list_} {market} {ssyk}', value(chain), num(row['score']))
    for pillar in chain['inputs']:
        hold(f'{pillar["key"]} {list_} {market} {ssyk}', pillar['value'], num(row.get(pillar['key'].split(':')[1], '')))
        for step in pillar['inputs']:
            if step['value'] is None: continue
            name = step['key'].split(':')[1]
            theirs = IND.get((kind, market, ssyk, name)) or IND[kind, market, '', name]
            hold(f'{name} {market} {ssyk}', step['value'], num(theirs['normalised']))
            raw = step['inputs'][0]['value'] if step['operation'] == 'scale' else next(i['value'] for i in step['inputs'] if i['key'] == step['own'])
            hold(f'{name} raw {market} {ssyk}', raw, num(theirs['raw']))
    for step in walk(chain):
        if step['key'] == 'persons': hold(f'pool {market} {ssyk}', step['value'], num(POOL[market, ssyk]['pool_total']))
        if step['weight_chain'] and step['weight_chain']['key'] == 'key_weight':
            group = step['key'].split(':')[1]
            hold(f'key {ssyk} {group}', step['weight'], sum(w for (o, i), w in key.items() if o == ssyk and i.startswith(group)))
def hold_demand(points, ssyk):
    row = demand[ssyk]
    hold(f'points {ssyk}', value(points), num(row['points']))
    for step in points['inputs']: hold(f'{step["key"]} {ssyk}', step['value'], num(row[step['key']]))
    for step in walk(points):
        for k, column in (('share_55_plus', 'share_55_plus'), ('excess', 'growth_excess'), ('rate', 'ads_per_100')):
            if step['key'] == k and step['value'] is not None: hold(f'{k} {ssyk}', step['value'], num(row[column]))

def asked(market, subject, list_):
    command = A.command + ['explain', market, subject, '--county', A.county, '--year', A.year, '--weighting', list_, '--json', '--quiet', '--replicates', '1']
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found

rng = random.Random(70 + int(A.county))
scored = sorted((r['weighting'], r['market_type'], r['market'], r['ssyk4']) for r in FIT.values() if r['score'] != '')
by_kind = {k: [s for s in scored if (s[0], s[1]) == k] for k in sorted({(s[0], s[1]) for s in scored})}
pairs = [rng.choice(by_kind[list(by_kind)[i % len(by_kind)]]) for i in range(A.scores)]
for list_, kind, market, ssyk in pairs:
    found = asked(market, ssyk, list_ if kind == 'country' else 'likely')
    hold_fit(found['chain'], list_, kind, market, ssyk)
    hold(f'score {market} {ssyk}', found['score'], num(FIT[list_, kind, market, ssyk]['score']))
    hold(f'coverage {market} {ssyk}', value(found['coverage']), num(FIT[list_, kind, market, ssyk]['coverage']))
    hold_demand(found['demand'], ssyk)
places = markets[markets.score != '']
for list_, kind in sorted(set(zip(places.weighting, places.market_type))):
    own = places[(places.weighting == list_) & (places.market_type == kind)].to_dict('records')
    row = own[rng.randrange(len(own))]
    found = asked(row['market'], row['area'], list_ if kind == 'country' else 'likely')
    hold(f'score {list_} {row["market"]} {row["area"]}', value(found['chain']), num(row['score']))
    hold(f'rank {list_} {row["market"]} {row["area"]}', float(found['standing']['rank']), num(row['rank']))
    for step in found['chain']['inputs']:
        ssyk = step['key'].split(':')[1]
        if step['operation'] == 'weighted_geometric_mean': hold_fit(step, list_, kind, row['market'], ssyk)
        for part in walk(step['weight_chain']):
            if part['key'] == 'need': hold(f'need {ssyk}', part['value'], num(demand[ssyk]['need']))
            if part['key'] == 'volume': hold(f'volume {ssyk}', part['value'], num(demand[ssyk]['volume']))
            if part['key'] == 'points': hold_demand(part, ssyk)
for line in wrong[:20]: print('DIFFERS', line)
print(f'explain, county {A.county}: {len(pairs)} scores of occupations and {len(set(zip(places.weighting, places.market_type)))} of areas, {compared} numbers compared, '
      f'{len(wrong)} differ, largest difference of the others {largest:.2g}')
sys.exit(1 if wrong or compared < 1000 else 0)
