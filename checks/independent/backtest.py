#!/usr/bin/env python
"""An independent back-test of test (c) and (d) by occupation group (method, section 10), in pandas and scipy, from the publishers' files.

backtest.py [RESULT.json]: prints each ranker's mean Spearman over the occupation groups and its AUC on new pairs; with the output of
`malmarknad backtest --json --draws 20` it compares them and exits 1 on a difference over 1e-9."""
import json, math, os, sys
import numpy as np, pandas as pd
from scipy.stats import rankdata, spearmanr

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
REC = os.path.join(os.environ.get('MALMARKNAD_RECORDED', os.path.join(HOME, '../shared/recorded')), '')
SE, IN, T = REC + 'se/', REC + 'intl/', 2017
read = lambda f, **k: pd.read_csv(f, keep_default_na=False, dtype=str, **k)
clean = lambda s: ' '.join(str(s).replace('-\n', '-').split())

# codes
cc = read(IN + 'classification/country-codes.csv'); a3 = dict(zip(cc['ISO3166-1-Alpha-3'], cc['ISO3166-1-Alpha-2'])); a3['XKX'] = 'XK'; a3['NAM'] = 'NA'
sv = json.load(open(IN + 'classification/cldr48_sv_territories.json'))['main']['sv']['localeDisplayNames']['territories']
SV = {n.upper(): c for c, n in sv.items() if len(c) == 2}
SV.update({'PALESTINA': 'PS', 'SAINT KITTS OCH NEVIS': 'KN', 'ST VINCENT OCH GRENADINERNA': 'VC', 'MAKEDONIEN': 'MK', 'VITRYSSLAND': 'BY', 'STATEN PALESTINA': 'PS', 'MEXICO': 'MX', 'MEXIKO': 'MX', 'DEM REPUBLIKEN KONGO': 'CD', 'MOCAMBIQUE': 'MZ', 'SWAZILAND': 'SZ', 'KONGO': 'CG',
           'COMORERNA': 'KM', 'MYANMAR': 'MM', 'RYSSLAND': 'RU', 'STORBRITANNIEN': 'GB', 'USA': 'US', 'BRUNEI': 'BN', 'FIJI': 'FJ'})
ssyk = read(SE + 'jobtech/taxonomy/derived_ssyk2012_sv_labels.csv')
label = {clean(n).lower(): c for l, c, n in zip(ssyk.level, ssyk.ssyk2012, ssyk.label_sv) if len(c) == 3}
label.update({'universitets- och högskollärare': '231', 'fysiker och kemister m.fl.': '211', 'bil-, motorcykel och cykelförare': '832', 'djursjukskötare m.fl.': '324', 'fysiker, kemister m.fl.': '211'})

# permits by occupation group and citizenship
rows = []
for y in range(2015, 2021):
    d = pd.read_excel(SE + f'migrationsverket/beviljade_arbetstillstand_{y}.xls' + ('x' if y >= 2018 else ''), sheet_name='Medborgarskap per yrkesgrupp', header=None)
    group = None
    for b, c, n in zip(d.iloc[9:, 1], d.iloc[9:, 3], d.iloc[9:, 4]):
        if pd.notna(b) and clean(b) != 'Yrkesgrupp': group = clean(b)
        if pd.notna(c) and clean(c) not in ('Summa:', 'Medborgarskap') and isinstance(n, (int, float)): rows.append((y, label.get(group.lower()), SV.get(clean(c)), float(n)))
permits = pd.DataFrame(rows, columns=['y', 'g', 'c', 'n'])
followed, before = permits[permits.y >= 2018], permits[permits.y <= 2017]
groups = sorted(followed[followed.c.notna()].groupby('g').n.sum().loc[lambda s: s >= 50].index)

# figures not later than 2017
def newest(d, key, year, value):
    d = d[(d[value] != '') & (d[year].astype(int) <= T)].copy(); d[value] = d[value].astype(float); d[year] = d[year].astype(int)
    return d.sort_values(year).groupby(key)[value].last()
two = lambda s: s.rename(lambda k: a3.get({'kos': 'XKX'}.get(k, k).upper())).loc[lambda x: x.index.notna()]
pop = two(newest(read(IN + 'worldbank/datasets_population_SP.POP.TOTL.csv'), 'Country Code', 'Year', 'Value'))
unemp = two(newest(read(IN + 'gapminder/aged_15plus_unemployment_rate_percent.csv'), 'geo', 'time', 'aged_15plus_unemployment_rate_percent'))
age = read(IN + 'gapminder/median_age_years.csv'); age = two(age[age.time == str(T - 1)].set_index('geo').median_age_years.astype(float))
w = read(IN + 'worldbank/API_NY.GDP.PCAP.PP.CD_DS2_en_csv_v2_1887125.csv', skiprows=4, encoding='utf-8-sig')
gdp = {}
for _, r in w.iterrows():
    v = [float(r[y]) for y in sorted(c for c in w.columns if c.isdigit() and int(c) <= T) if r[y] != '']
    if r['Country Code'] in a3 and v: gdp[a3[r['Country Code']]] = v[-1]
un = read(IN + 'openness/un_migrant_stock_by_dest_origin_gender_year.csv'); un = un[un.destination == 'swe']
stock = un.assign(n=un.migrant_stock.astype(float)).groupby(['origin', 'year']).n.sum().unstack()
born, recent = two(stock['2015']), two((stock['2015'] - stock['2010']).clip(lower=0))
ds = read(IN + 'openness/dist_cepii_swe.csv'); ds = ds[(ds.iso_d == 'SWE') & ~ds.distcap.isin(['', '.'])]
OLD = {'ROM': 'ROU', 'ZAR': 'COD', 'TMP': 'TLS', 'PAL': 'PSE', 'YUG': 'SRB'}
dist = {a3[OLD.get(a, a)]: float(v) for a, v in zip(ds.iso_o, ds.distcap) if OLD.get(a, a) in a3}
pp = read(IN + 'openness/passport-index-tidy-iso2.csv'); pp = pp[pp.Destination == 'SE']
visa = {p for p, q in zip(pp.Passport, pp.Requirement) if q == 'visa free' or q.isdigit()}
il = pd.read_csv(IN + 'ilostat/EMP_TEMP_SEX_AGE_NB_A-20260325T1614.csv.gz')
il = il[(il['classif1.label'] == 'Age (Youth, adults): 15+') & (il['sex.label'] == 'Total') & il.obs_value.notna() & (il.time <= T) & (il.time >= 2009)]
names = read(os.path.join(HOME, 'data/mappings/country_spellings.csv')); names = dict(zip(names[names.scheme == 'ilo'].spelling, names[names.scheme == 'ilo'].alpha2))
employed = (il.sort_values('time').groupby('ref_area.label').obs_value.last() * 1000).rename(names)
oc = read(IN + 'ilostat/derived_jagged_occupation_contributions.csv')
share = {c: dict(zip(d.isco08_2d, d.employment_share.astype(float))) for c, d in oc.assign(c=oc.country_code.map(a3)).groupby('c')}
pairs = read(SE + 'classification/derived_ssyk2012_isco08_pairs.csv')
k4 = {}
for o, d in pairs.groupby(pairs.columns[0]):
    n = pd.to_numeric(d['n_job_titles'] if 'n_job_titles' in d else d.iloc[:, -1], errors='coerce').fillna(0)
    k4[o] = {i: v / n.sum() for i, v in zip(d.iloc[:, 1], n) if v > 0} if n.sum() > 0 else {i: 1 / len(d) for i in d.iloc[:, 1]}
reg = pd.read_parquet(SE + 'scb/yreg60_county_ssyk1to4_sex_2014_2024.parquet'); reg = reg[(reg.level == 'SSYK4') & (reg.year.astype(int) == T)]
reg = reg.groupby('ssyk_code').value.sum()
EU = set(l.split(',')[0] for l in open(IN + 'classification/ropengov_eu_countries.csv').read().split('\n')[1:] if l)
FREE = {{'EL': 'GR'}.get(c, c) for c in EU} | {'IS', 'LI', 'NO', 'CH', 'GB'}                # the United Kingdom was a member then
C = sorted(c for c in pop.index if pop[c] >= 3e5 and c not in FREE and c != 'SE' and c in share)

def column(f): return np.array([f(c) for c in C], float)
get = lambda d: column(lambda c: d.get(c, math.nan))
def scale(x, lo, hi, reverse=False):
    v = 1 + 99 * np.clip((x - lo) / (hi - lo), 0, 1); return 101 - v if reverse else v
ln = np.log
whole = {'unemployment': scale(get(unemp), 2, 15), 'median_age': scale(get(age), 25, 48, True), 'recent': scale(ln(1 + get(recent)), ln(10), ln(1e4)),
         'diaspora_sweden': scale(ln(1 + get(born) / get(pop) * 1e5), 0, 7), 'income_gap': scale(ln(gdp['SE'] / get(gdp)), -ln(1.5), ln(3)),
         'distance': scale(ln(get(dist)), ln(400), ln(1e4), True), 'entry': scale(column(lambda c: 1 + 0.25 * (c in visa)), 0, 3)}
W = {'balanced': [(.30, {'pool': 1, 'specialisation': 1}), (.25, {'unemployment': 1, 'median_age': .5}), (.25, {'diaspora_sweden': .5, 'income_gap': 1}), (.20, {'entry': 2, 'distance': 1})],
     'likely': [(.35, {'pool': 2.5, 'specialisation': 1}), (.10, {'unemployment': 1}), (.30, {'recent': 1}), (.25, {'entry': 1, 'distance': 1.5})],
     'potential': [(.50, {'pool': 4, 'specialisation': 1}), (.10, {'unemployment': 1}), (.40, {'entry': 1, 'distance': 3})]}
def fit(w, ind):
    lg, ws, cov, all_ = 0, 0, 0, sum(p for p, _ in w)
    for p, ins in w:
        v = np.array([ind[i] for i in ins]); k = np.array(list(ins.values()))[:, None]; there = np.isfinite(v)
        inside = (k * there).sum(0); m = np.where(inside > 0, (k * np.nan_to_num(v)).sum(0) / np.where(inside > 0, inside, 1), 1)
        lg, ws, cov = lg + np.where(inside > 0, p * ln(m), 0), ws + p * (inside > 0), cov + p * inside / k.sum()
    return np.where((cov / all_ >= .65 - 1e-12) & np.isfinite(ind['pool']), np.exp(lg / ws), np.nan)
def auc(x, y):
    r = rankdata(x); a, b = y.sum(), (~y).sum(); return (r[y].sum() - a * (a + 1) / 2) / (a * b)
rho, area = {}, {}
for g in groups:
    k, n = {}, 0.0
    for o in (o for o in k4 if o.startswith(g)):
        e = float(reg.get(o, 0)); n += e
        for i, v in k4[o].items(): k[i[:2]] = k.get(i[:2], 0) + e * v
    k = {i: v / n for i, v in k.items()}
    def part(c):
        s = share[c]; return sum(v * s[i] for i, v in k.items() if i in s) if sum(v for i, v in k.items() if i in s) >= .65 - 1e-12 else math.nan
    s = column(part); pool = s * get(employed)
    ind = dict(whole, pool=scale(ln(1 + pool), ln(1e3), ln(1e6)), specialisation=scale(ln(np.maximum(s / part('SE'), .05)), -ln(4), ln(4)))
    ind['specialisation'] = np.where(np.isfinite(pool), ind['specialisation'], np.nan)
    count = lambda d: column(lambda c: d[(d.g == g) & (d.c == c)].n.sum())
    y, h = count(followed), count(before)
    x = {n: fit(w, ind) for n, w in W.items()}; x.update(population=get(pop), pool=pool, born_in_sweden=get(born), history=h)
    there = np.all([np.isfinite(v) for v in x.values()] + [np.isfinite(v) for v in whole.values()], axis=0)
    for n, v in x.items():
        if len(set(y[there])) > 1: rho.setdefault(n, []).append(spearmanr(v[there], y[there]).statistic)
        new = there & (h == 0)
        if n != 'history' and (y[new] > 0).any() and (y[new] == 0).any(): area.setdefault(n, []).append(auc(v[new], y[new] > 0))
found = {(m, n): float(np.mean(v)) for m, d in (('benchmark', rho), ('new_pairs', area)) for n, v in d.items()}
bad = 0
theirs = {}
if len(sys.argv) > 1:
    for t in json.load(open(sys.argv[1]))['tests']:
        if t['scope'] == 'third':
            for r in t['rankers']: theirs[t['name'], r['ranker']] = r['value']['value'] if r['value'] else math.nan
for k, v in found.items():
    d = abs(v - theirs[k]) if theirs else 0; bad += not d < 1e-9
    print(f'{k[0]:10} {k[1]:15} {v:.6f}' + (f'  program {theirs[k]:.6f}  difference {d:.1e}' if theirs else ''))
sys.exit(1 if bad else 0)
