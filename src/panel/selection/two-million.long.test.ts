import assert from 'node:assert/strict'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkSelection, select } from './command.ts'
import type { Selection } from './result.ts'
import { commandLine } from './testing.ts'

const { folder, file, run } = commandLine()

test('a pool of two million rows is read, drawn from and checked, and a fault in its last row is named', async () => {
  const pool = file('pool.csv', 'id,age,place\n')
  for (let from = 0; from < 2_000_000; from += 100_000) {
    const rows = Array.from(
      { length: 100_000 },
      (_, i) => `p${from + i},a${(from + i) % 5},${i % 3 ? 'north' : 'south'}`,
    )
    appendFileSync(pool, `${rows.join('\n')}\n`)
  }
  const ages = [0, 1, 2, 3, 4].map(age => `age,a${age},10,30`)
  const quotas = file('quotas.csv', `feature,value,min,max\n${ages.join('\n')}\nplace,north,40,60\nplace,south,40,60\n`)
  const json = join(folder, 'selection.json')
  const both = ['--pool', pool, '--quotas', quotas]
  const told = await run(select, ...both, '--size', '100', '--seed', 'x', '--json', json)
  assert.equal(told.code, 0, told.err)
  const selection: Selection = JSON.parse(readFileSync(json, 'utf8'))
  assert.equal(selection.selected.length, 100)
  assert.ok(selection.certificate.optimal)
  assert.equal((await run(checkSelection, json, ...both)).code, 0)
  appendFileSync(pool, 'p7,a1,nowhere\n')
  const { code, err } = await run(select, ...both, '--size', '100')
  assert.equal(code, 2)
  assert.match(err, /line 2000002: The id “p7” stands on line 9 too/)
  assert.match(err, /line 2000002: “nowhere” is not a value of “place”/)
})
