import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSelection } from './check/check.ts'
import { pose } from './problem.ts'
import { readPairs } from './reading/join.ts'
import { readPool } from './reading/pool.ts'
import { readQuotas } from './reading/quotas.ts'
import { select } from './select.ts'

const people = Array.from({ length: 40 }, (_, i) => `p${i},${i % 2 ? 'north' : 'south'},${i % 5 ? 'tenant' : 'owner'}`)
const pool = Buffer.from(`id,place,home\n${people.join('\n')}\n`)
const quotas = Buffer.from('feature,value,min,max\nplace,north,4,6\nplace,south,4,6\nhome,tenant,6,9\nhome,owner,1,4\n')
const apart = Buffer.from('one,other\np0,p5\np1,p2\n')

async function selected() {
  const read = readQuotas(quotas, 'quotas', [])
  const all = readPool(pool, 'pool', read, { id: 'id' }, [])
  const found = await select(
    pose(all, read, 10, { apart: readPairs(apart, 'apart', all, []) }),
    { pool, quotas },
    { seed: 'a seed' },
  )
  if (!('selected' in found)) throw new Error('There is a panel.')
  return found
}

test('the checker knows who may not sit together: no panel holds both, and the proof holds with it', async () => {
  const verdict = await checkSelection(await selected(), { pool, quotas, apart }, { id: 'id' })
  assert.deepEqual(verdict.wrong, [])
  assert.ok((verdict.raise ?? 1) < 1e-6)
})

test('a lottery that seats two who may not sit together is found out', async () => {
  const read = readQuotas(quotas, 'quotas', [])
  const all = readPool(pool, 'pool', read, { id: 'id' }, [])
  const free = await select(pose(all, read, 10), { pool, quotas }, { seed: 'a seed' })
  const verdict = await checkSelection(free, { pool, quotas, apart }, { id: 'id' })
  assert.match(verdict.wrong.join(), /“p0” and “p5” may not sit together, so each must be a type alone/)
})

test('maximin gives everyone at least what leximin gives the least, which no lottery beats', async () => {
  const read = readQuotas(quotas, 'quotas', [])
  const all = readPool(pool, 'pool', read, { id: 'id' }, [])
  const least = async (objective: 'leximin' | 'maximin') => {
    const found = await select(pose(all, read, 10), { pool, quotas }, { seed: 's', objective })
    if (!('types' in found)) throw new Error('There is a panel.')
    return Math.min(...found.types.map(type => type.probability))
  }
  const [leximin, maximin] = [await least('leximin'), await least('maximin')]
  assert.ok(Math.abs(leximin - maximin) < 1e-9)
  // Eight owners share at most four places, and thirty-two tenants at most nine: no more than 9/32 for every tenant.
  assert.ok(maximin <= 9 / 32 + 1e-9 && maximin > 0.2)
})
