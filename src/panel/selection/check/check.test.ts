import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkSelection, select } from '../command.ts'
import type { Selection } from '../result.ts'
import { commandLine, madePool } from '../testing.ts'

const { folder, file, run } = commandLine()
const made = madePool(7, 120, 12, 3)
const pool = file('pool.csv', made.pool)
const quotas = file('quotas.csv', made.quotas)

test('the check finds out a selection that was tampered with', async () => {
  const json = join(folder, 'b.json')
  await run(select, '--pool', pool, '--quotas', quotas, '--size', '12', '--seed', 'dice', '--json', json)
  const tampered = async (change: (selection: Selection) => void) => {
    const selection: Selection = JSON.parse(readFileSync(json, 'utf8'))
    change(selection)
    const other = file('tampered.json', JSON.stringify(selection))
    return (await run(checkSelection, other, '--pool', pool, '--quotas', quotas)).code
  }
  assert.equal(await tampered(() => {}), 0)
  assert.equal(await tampered(s => s.selected.pop()), 1, 'one person fewer')
  assert.equal(await tampered(s => (s.types[0]!.probability += 0.01)), 1, 'a chance that is not what the lottery gives')
  assert.equal(await tampered(s => (s.lottery[0]!.probability += 0.01)), 1, 'probabilities beyond one')
  assert.equal(await tampered(s => s.lottery[0]!.counts.pop()), 1, 'a panel that is too small')
  assert.equal(await tampered(s => s.types[0]!.people.push('nobody')), 1, 'someone who is not in the pool')
  assert.equal(await tampered(s => (s.seed = 'other')), 1, 'people whom another seed draws')
  assert.equal(await tampered(s => (s.types[0]!.features = {})), 1, 'features that the people do not have')
  assert.equal(await tampered(s => (s.types[0]!.weight = 2)), 1, 'a weight that nobody earned')
  assert.equal(await tampered(s => (s.certificate.bound /= 2)), 1, 'a bound that is passed')
  assert.equal(await tampered(s => s.certificate.stages.pop()), 1, 'stages that are not the levels of the lottery')
  assert.equal(await tampered(s => (s.confirmed = [s.selected[0] ?? ''])), 1, 'someone confirmed whom no file names')
  assert.equal(await tampered(s => s.unreachable.push({ type: 0, because: '' })), 1, 'someone said to have no chance')
  const asMaximin = (s: Selection) => {
    skewed(s)
    s.objective = 'maximin'
  }
  assert.equal(await tampered(asMaximin), 1, 'an unfair lottery under another name')
  assert.equal(await tampered(skewed), 1, 'a lottery that leaves someone’s chance to be raised')
})

test('the check knows numbered panels, which need not be panels of the lottery', async () => {
  const json = join(folder, 'numbered.json')
  const both = ['--pool', pool, '--quotas', quotas]
  assert.equal((await run(select, ...both, '--size', '12', '--panels', '100', '--json', json)).code, 0)
  assert.equal((await run(checkSelection, json, ...both)).code, 0)
  const selection: Selection = JSON.parse(readFileSync(json, 'utf8'))
  selection.panel = ((selection.panel ?? 0) % 100) + 1
  assert.equal((await run(checkSelection, file('other.json', JSON.stringify(selection)), ...both)).code, 1)
})

// All weight on the panels without the first type: still a lottery over proper panels, but unfair.
function skewed(selection: Selection) {
  const keep = selection.lottery.filter(({ counts }) => !counts.some(([type]) => type === 0))
  selection.lottery = keep.map(panel => ({ ...panel, probability: 1 / keep.length }))
  for (const [type, told] of selection.types.entries())
    told.probability = selection.lottery.reduce(
      (sum, { probability, counts }) =>
        sum + (probability * (counts.find(([t]) => t === type)?.[1] ?? 0)) / told.people.length,
      0,
    )
  selection.certificate.bound = Math.min(...selection.types.map(type => type.probability))
  const seats = new Map(selection.lottery[0]!.counts)
  selection.selected = selection.types.flatMap(({ people }, type) => people.slice(0, seats.get(type) ?? 0))
}

test('where homes put the target out of reach, the check knows the priced proof too', async () => {
  const homes = 'id,age,place,home\na,child,S,1\nb,adult,S,2\nc,child,D,3\nd,child,D,3\ne,adult,D,1\n'
  const people = file('homes.csv', homes)
  const asked = file(
    'homes-quotas.csv',
    'feature,value,min,max\nage,child,1,2\nage,adult,1,2\nplace,S,1,2\nplace,D,1,2\n',
  )
  const json = join(folder, 'homes.json')
  const both = ['--pool', people, '--quotas', asked, '--household', 'home']
  const told = await run(select, ...both, '--size', '2', '--json', json)
  assert.equal(told.code, 0)
  assert.match(told.out, /Cannot be selected/)
  const selection: Selection = JSON.parse(readFileSync(json, 'utf8'))
  assert.equal(selection.certificate.proof, 'pricing')
  assert.equal(selection.unreachable.length, 2)
  assert.equal((await run(checkSelection, json, ...both)).code, 0)
  selection.certificate.weights = []
  assert.equal((await run(checkSelection, file('bare.json', JSON.stringify(selection)), ...both)).code, 1)
})

test('the most that anyone’s chance may be is kept, and the check knows it', async () => {
  const asked = file('capped.quotas.csv', 'feature,value,min,max\nf,x,0,1\nf,y,2,4\n')
  const people = file('capped.csv', 'id,f\n1,x\n2,y\n3,y\n4,y\n5,y\n6,x\n')
  const json = join(folder, 'capped.json')
  const both = ['--pool', people, '--quotas', asked]
  const told = await run(select, ...both, '--size', '3', '--cap', '0.55', '--json', json)
  assert.equal(told.code, 0, told.err)
  const selection: Selection = JSON.parse(readFileSync(json, 'utf8'))
  assert.equal(selection.cap, 0.55)
  assert.ok(selection.types.every(({ probability }) => probability <= 0.55 + 1e-9))
  const honest = await run(checkSelection, json, ...both)
  assert.equal(honest.code, 0, honest.out)
  selection.cap = 0.4
  const above = await run(checkSelection, file('above.json', JSON.stringify(selection)), ...both)
  assert.match(above.out, /above the cap of 0.4/)
})

test('a greatest product of chances and a balance of highest and lowest are checked, and nothing passes for them', async () => {
  const people = file(
    'seven.csv',
    `id,sex,side\n${['mL', 'mL', 'mL', 'mL', 'mC', 'wL', 'wC'].map((who, i) => `${i},${who[0]},${who[1]}`).join('\n')}\n`,
  )
  const asked = file('seven.quotas.csv', 'feature,value,min,max\nsex,w,1,1\nsex,m,4,4\nside,L,4,4\nside,C,1,1\n')
  const both = ['--pool', people, '--quotas', asked]
  const by = async (objective: string) => {
    const json = join(folder, `${objective}.json`)
    assert.equal((await run(select, ...both, '--size', '5', '--objective', objective, '--json', json)).code, 0)
    return json
  }
  for (const objective of ['leximin', 'maximin', 'nash', 'goldilocks']) {
    const honest = await run(checkSelection, await by(objective), ...both)
    assert.equal(honest.code, 0, honest.out)
    assert.match(honest.out, /No lottery is better/)
  }
  const passedOff = async (made: string, as: string) => {
    const told = readFileSync(await by(made), 'utf8').replace(`"objective":"${made}"`, `"objective":"${as}"`)
    return (await run(checkSelection, file('as.json', told), ...both)).out
  }
  assert.match(await passedOff('leximin', 'nash'), /The product of chances can be greater/)
  assert.match(await passedOff('nash', 'leximin'), /below the bound/)
})

test('a lottery that has no lower highest chance to offer is no balance of highest and lowest', async () => {
  const { pool: rows, quotas: asked } = madePool(11, 150, 15, 4)
  const both = ['--pool', file('wide.csv', rows), '--quotas', file('wide.quotas.csv', asked)]
  const json = join(folder, 'wide.json')
  assert.equal((await run(select, ...both, '--size', '15', '--json', json)).code, 0)
  const told = readFileSync(json, 'utf8').replace('"objective":"leximin"', '"objective":"goldilocks"')
  assert.match((await run(checkSelection, file('as.json', told), ...both)).out, /balances the highest and the lowest/)
})

test('what was published is checked against the people: another selection, pool or ticket is found out', async () => {
  const out = join(folder, 'out')
  const json = join(folder, 'published.json')
  const both = ['--pool', pool, '--quotas', quotas]
  const rest = ['--size', '12', '--reserves', '3', '--seed', 'balls']
  assert.equal((await run(select, ...both, ...rest, '--out', out, '--json', json)).code, 0)
  const checked = await run(checkSelection, json, ...both, '--published', out)
  assert.equal(checked.code, 0, checked.out)
  const other = join(folder, 'other.json')
  assert.equal((await run(select, ...both, ...rest, '--json', other)).code, 0)
  const strange = await run(checkSelection, other, ...both, '--published', out)
  assert.match(strange.out, /another commitment than was published/)
  const longer = file('longer.csv', `${made.pool}\n`)
  const late = await run(checkSelection, json, '--pool', longer, '--quotas', quotas, '--published', out)
  assert.match(late.out, /The pool is not the one committed to/)
  assert.equal((await run(checkSelection, json, ...both, '--published', folder)).code, 2)
})
