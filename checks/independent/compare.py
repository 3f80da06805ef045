#!/usr/bin/env python
"""compare.py DIR_A DIR_B [--tol 1e-9] [--table NAME ...] [--market-type country|county]
Compares two output folders table by table. Exit code 0 = no difference, 1 = differences."""
import argparse, os, sys
import numpy as np, pandas as pd
KEYS = {'demand': ['county', 'ssyk4'], 'area_occupations': ['area', 'ssyk4'], 'crosswalk': ['ssyk4', 'isco08'], 'supply': ['market_type', 'market', 'ssyk4'],
        'fit': ['market_type', 'market', 'ssyk4'], 'markets': ['market_type', 'area', 'market'], 'gender': ['area', 'ssyk4', 'market_type', 'market'],
        'indicators': ['market_type', 'market', 'ssyk4', 'indicator'], 'occupation_places': ['market_type', 'ssyk4', 'market']}
NUM = {'demand': 'employed_women employed_men employed_total ads ads_per_100 share_55_plus growth_excess county_growth recruitment outlook vacancies replacement growth coverage points need volume',
       'area_occupations': 'weight', 'crosswalk': 'weight', 'supply': 'pool_women pool_men pool_total', 'fit': 'pool availability mobility feasibility score coverage',
       'markets': 'score rank coverage weight_share open_share', 'gender': 'share_women_county share_women_sweden share_women_market recruits_to_40', 'indicators': 'raw treated normalised',
       'occupation_places': 'score rank'}
BOOL = {'ranked', 'reachable'}
FREE = {'drivers', 'reason', 'gate_reason', 'name', 'occupation', 'evidence', 'source', 'flag'}
ap = argparse.ArgumentParser(); ap.add_argument('a'); ap.add_argument('b'); ap.add_argument('--tol', type=float, default=1e-9)
ap.add_argument('--table', action='append'); ap.add_argument('--market-type'); ap.add_argument('--examples', type=int, default=5); ap.add_argument('--weighting', default='balanced')
A = ap.parse_args(); N = A.examples
def load(d, t):
    p = os.path.join(d, t + '.csv')
    if not os.path.exists(p): p = os.path.join(d, 'data', t + '.csv')
    if not os.path.exists(p): return None
    x = pd.read_csv(p, dtype=str, keep_default_na=False, na_filter=False, encoding='utf-8-sig')
    if 'weighting' in x: x = x[x.weighting.isin([A.weighting, ''])].drop(columns='weighting')  # counties have weights of their own, without a name
    if A.market_type and 'market_type' in x: x = x[x.market_type == A.market_type]
    return x
def normtext(c, s):
    if c in BOOL: return s.str.lower().replace({'1': 'true', '0': 'false', 'yes': 'true', 'no': 'false', 'ja': 'true', 'nej': 'false'})
    if c.startswith('class'): return s.str.replace('[–—]', '-', regex=True).str.replace(r'[\s%]|jämn|\(|\)', '', regex=True)
    return s
def ex(df): return '; '.join(' '.join(map(str, r)) for r in df.head(N).itertuples(index=False))
bad = 0; summary = []
for t in (A.table or KEYS):
    a, b = load(A.a, t), load(A.b, t)
    print(f'\n== {t}')
    if a is None or b is None:
        print('   missing in', 'A' if a is None else '', 'B' if b is None else ''); bad += 1; summary.append((t, 'MISSING')); continue
    key = KEYS[t]; probs = []
    # Two empty tables are equal, and say nothing.
    if 'market_type' in key and (a.empty or b.empty): print('   no rows of this kind of market'); probs.append('no rows')
    for n, x in (('A', a), ('B', b)):
        mk = [k for k in key if k not in x]
        if mk: print(f'   key columns absent in {n}: {mk}'); probs.append('key')
    if 'key' in probs: bad += 1; summary.append((t, 'KEY COLUMNS')); continue
    for n, x in (('A', a), ('B', b)):
        d = x.duplicated(key).sum()
        if d: print(f'   duplicate keys in {n}: {d}, e.g. {ex(x[x.duplicated(key)][key])}'); probs.append('dup')
    a, b = a.drop_duplicates(key), b.drop_duplicates(key)
    oa, ob = [c for c in a if c not in b], [c for c in b if c not in a]
    if oa or ob: print(f'   columns only in A: {oa}  only in B: {ob}')
    m = a.merge(b, on=key, how='outer', suffixes=('_A', '_B'), indicator=True)
    for side, n in (('left_only', 'A'), ('right_only', 'B')):
        q = m[m._merge == side]
        if len(q):
            print(f'   rows only in {n}: {len(q)} of {len(a if n == "A" else b)}; e.g. {ex(q[key])}'); probs.append(f'rows only in {n}: {len(q)}')
            for k in key:
                if k in ('market_type', 'area', 'indicator', 'market', 'ssyk4', 'county'):
                    vc = q[k].value_counts(); print(f'      by {k}:', dict(vc.head(8)), f'({len(vc)} values)')
    m = m[m._merge == 'both']
    num = NUM[t].split(); same = []
    for c in [c for c in a.columns if c in b.columns and c not in key]:
        x, y = normtext(c, m[c + '_A'].str.strip()), normtext(c, m[c + '_B'].str.strip())
        miss = (x == '') != (y == '')
        if miss.any():
            q = m[miss]; la, lb = ((x == '') & miss).sum(), ((y == '') & miss).sum()
            free = c in FREE
            print(f'   {c}: missing in A only {la}, in B only {lb}' + ('' if free else f'; e.g. {ex(q[key + [c + "_A", c + "_B"]])}'))
            if not free: probs.append(f'{c}: missing {miss.sum()}')
        if c in FREE: continue
        both = (x != '') & (y != '')
        if c in num:
            p, r = pd.to_numeric(x[both], errors='coerce'), pd.to_numeric(y[both], errors='coerce')
            if p.isna().any() or r.isna().any(): print(f'   {c}: not a number in {p.isna().sum()} / {r.isna().sum()} cells'); probs.append(c + ' not numeric')
            ad = (p - r).abs(); sc = np.maximum(p.abs(), r.abs())
            rel = np.where(ad <= 1e-12, 0, ad / sc.where(sc > 0, 1)); rel = pd.Series(rel, index=p.index).fillna(0)
            w = rel > A.tol
            if w.any():
                q = m.loc[rel[w].sort_values(ascending=False).index][key + [c + '_A', c + '_B']]
                print(f'   {c}: {w.sum()} of {both.sum()} differ, max relative {rel.max():.3g}, median of those {rel[w].median():.3g}; e.g. {ex(q)}'); probs.append(f'{c}: {w.sum()} numbers')
            elif not miss.any(): same.append(f'{c} ({rel.max():.1g})')
        else:
            w = both & (x != y)
            if w.any():
                pr = (x[w] + ' → ' + y[w]).value_counts()
                print(f'   {c}: {w.sum()} of {both.sum()} texts differ: {dict(pr.head(N))}; e.g. {ex(m[w][key + [c + "_A", c + "_B"]])}'); probs.append(f'{c}: {w.sum()} texts')
            elif not miss.any(): same.append(c)
    print(f'   {len(m)} rows in both; equal: {", ".join(same)}')
    if probs: bad += 1
    summary.append((t, 'ok' if not probs else '; '.join(probs)))
print('\n== summary')
for t, s in summary: print(f'   {t:17} {s}')
sys.exit(1 if bad else 0)
