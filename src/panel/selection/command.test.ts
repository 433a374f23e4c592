import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkSelection, select, verifyDraw } from './command.ts'
import type { Selection } from './result.ts'
import { commandLine, madePool } from './testing.ts'

const { folder, file, run } = commandLine()
const made = madePool(7, 120, 12, 3)
const pool = file('pool.csv', made.pool)
const quotas = file('quotas.csv', made.quotas)

test('select writes the contract, and the separate program finds every claim true', async () => {
  const json = join(folder, 'a.json')
  const told = await run(
    select,
    '--pool',
    pool,
    '--quotas',
    quotas,
    '--size',
    '12',
    '--reserves',
    '5',
    '--seed',
    'dice',
    '--json',
    json,
  )
  assert.equal(told.code, 0, told.err)
  assert.match(told.out, /Nobody’s chance can be raised/)
  const selection: Selection = JSON.parse(readFileSync(json, 'utf8'))
  assert.equal(selection.selected.length, 12)
  assert.equal(selection.reserves.length, 5)
  assert.equal(selection.seed, 'dice')
  assert.ok(selection.certificate.optimal)
  assert.match(selection.commitment, /^[0-9a-f]{64}$/)
  const checked = await run(checkSelection, json, '--pool', pool, '--quotas', quotas)
  assert.equal(checked.code, 0, checked.out + checked.err)
})

test('the same seed twice gives the same panel, another seed another', async () => {
  const drawn = async (seed: string) => {
    const json = join(folder, 'seed.json')
    await run(select, '--pool', pool, '--quotas', quotas, '--size', '12', '--seed', seed, '--json', json)
    return JSON.parse(readFileSync(json, 'utf8')).selected
  }
  assert.deepEqual(await drawn('one'), await drawn('one'))
  assert.notDeepEqual(await drawn('one'), await drawn('two'))
})

test('quotas that conflict end with 1, what conflicts, and what would mend it', async () => {
  const people = file(
    'c.csv',
    `id,sex,age\n${Array.from({ length: 20 }, (_, i) => `${i},${i < 10 ? 'm,old' : 'w,young'}`).join('\n')}\n`,
  )
  const asked = file(
    'cq.csv',
    'feature,value,min,max,min_flex,max_flex\nsex,m,5,5,4,6\nsex,w,5,5,4,6\nage,old,4,4,4,5\nage,young,6,6,5,6\n',
  )
  const json = join(folder, 'c.json')
  const told = await run(select, '--pool', people, '--quotas', asked, '--size', '10', '--json', json)
  assert.equal(told.code, 1)
  assert.match(told.out, /cannot all be kept/)
  const { conflict, suggestions } = JSON.parse(readFileSync(json, 'utf8'))
  assert.ok(conflict.length >= 2)
  assert.ok(suggestions.length >= 2)
  for (const mend of suggestions) {
    assert.ok(mend.withinFlex)
    assert.equal(mend.reach, 20)
  }
})

test('wrong input ends with 2 and says every fault; wrong use ends with 2 and says how to use it', async () => {
  const bad = file('bad.csv', `${made.pool}p0,v9,v9,v9\n`)
  const told = await run(select, '--pool', bad, '--quotas', quotas, '--size', '12')
  assert.equal(told.code, 2)
  assert.match(told.err, /bad\.csv, line 122: The id “p0” stands on line 2 too/)
  assert.match(told.err, /“v9” is not a value of “f0”/)
  assert.equal((await run(select, '--pool', pool)).code, 2)
  assert.equal((await run(select, '--pool', 'nowhere.csv', '--quotas', quotas, '--size', '3')).code, 2)
  assert.equal((await run(select, '--pool', pool, '--quotas', quotas, '--size', 'ten')).code, 2)
  assert.equal((await run(select, '--nonsense')).code, 2)
  assert.equal((await run(select, '--help')).code, 0)
})

const shared = new URL('../../../../shared/data/pools/', import.meta.url)
const least: [string, number, number][] = [
  ['example_small_20', 20, 0.1],
  ['bench_base_150_22', 22, 0.090909],
  ['bench_500_75', 75, 0.15],
  ['shape_cca_75', 75, 0.046559],
  ['shape_sf_a_35', 35, 0.075758],
  ['shape_hd_30', 30, 0.056127],
]
for (const [name, size, minimum] of least)
  test(`the lowest chance of ${name} is ${minimum}, proved`, { skip: !existsSync(shared) }, async () => {
    const own = (file: string) => new URL(`${name}/${file}`, shared)
    const [people, asked] = existsSync(own('candidates.csv'))
      ? ['candidates.csv', 'features.csv']
      : ['respondents.csv', 'categories.csv']
    const json = join(folder, `${name}.json`)
    const told = await run(
      select,
      '--pool',
      own(people).pathname,
      '--quotas',
      own(asked).pathname,
      '--size',
      String(size),
      '--json',
      json,
    )
    assert.equal(told.code, 0, told.err)
    const { types, certificate }: Selection = JSON.parse(readFileSync(json, 'utf8'))
    assert.ok(Math.abs(Math.min(...types.map(type => type.probability)) - minimum) < 1e-6)
    assert.ok(certificate.gap <= 1e-7 && certificate.raise <= 1e-6)
    assert.equal(
      (await run(checkSelection, json, '--pool', own(people).pathname, '--quotas', own(asked).pathname)).code,
      0,
    )
  })

test('a cap too low for the quotas is named as what conflicts', async () => {
  const told = await run(select, '--pool', pool, '--quotas', quotas, '--size', '12', '--cap', '0.05')
  assert.equal(told.code, 1)
  assert.match(told.out, /nobody’s chance above 0.05/)
  assert.doesNotMatch(told.out, /would mend it/)
})

test('everyone in one home, a pool of one and a size of the whole pool are answered', async () => {
  const asked = file('one.quotas.csv', 'feature,value,min,max\nf,x,0,9\n')
  const home = file('one-home.csv', 'id,f,home\n1,x,h\n2,x,h\n3,x,h\n')
  assert.equal((await run(select, '--pool', home, '--quotas', asked, '--size', '1', '--household', 'home')).code, 0)
  assert.equal((await run(select, '--pool', home, '--quotas', asked, '--size', '2', '--household', 'home')).code, 1)
  assert.equal((await run(select, '--pool', home, '--quotas', asked, '--size', '3')).code, 0)
  assert.equal((await run(select, '--pool', file('one.csv', 'id,f\n1,x\n'), '--quotas', asked, '--size', '1')).code, 0)
})

test('members already confirmed count, and who was passed over gains', async () => {
  const asked = file('p.quotas.csv', 'feature,value,min,max\nf,x,0,9\n')
  const people = file('p.csv', 'id,f,times\n1,x,1\n2,x,0\n3,x,0\n4,x,0\n')
  const stays = file('stays.csv', 'id,f,times\n4,x,0\n')
  const json = join(folder, 'p.json')
  const told = await run(
    select,
    '--pool',
    people,
    '--quotas',
    asked,
    '--size',
    '2',
    '--confirmed',
    stays,
    '--passed-over',
    'times',
    '--json',
    json,
  )
  assert.equal(told.code, 0, told.err)
  const { types, selected, confirmed }: Selection = JSON.parse(readFileSync(json, 'utf8'))
  assert.deepEqual(confirmed, ['4'])
  assert.equal(selected.length, 1)
  const chance = (id: string) => types.find(({ people }) => people.includes(id))!.probability
  assert.ok(Math.abs(chance('1') - 0.5) < 1e-6 && Math.abs(chance('2') - 0.25) < 1e-6)
})

test('what was committed to is what is drawn from: a folder with another commitment is refused', async () => {
  const out = join(folder, 'out')
  const both = ['--pool', pool, '--quotas', quotas, '--out', out]
  assert.equal((await run(select, ...both, '--size', '12', '--commit')).code, 0)
  assert.ok(!existsSync(join(out, 'published', 'draw.json')))
  assert.equal((await run(select, ...both, '--size', '12', '--seed', 'balls')).code, 0)
  assert.equal((await run(verifyDraw, join(out, 'published'))).code, 0)
  const other = await run(select, ...both, '--size', '11', '--seed', 'balls')
  assert.equal(other.code, 2)
  assert.match(other.err, /another commitment/)
})
