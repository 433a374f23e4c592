import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPostgresOwner } from '#src/platform/database/database.ts'
import { testSite } from '#test/site.ts'
import { noticeCheck, noticeFaults, realColumns } from './check.ts'

const { house } = await testSite()

test('[N-19] every column of every table is declared, and erasure reaches every table that holds a dossier', async () => {
  assert.deepEqual(await noticeFaults(house), [])
  assert.ok((await realColumns(house)).length > 80)
  const said: string[] = []
  assert.equal(await noticeCheck(house, { out: line => said.push(line), err: line => said.push(line) }), 0)
  assert.deepEqual(said, ['The data map, the schema, the notice and the clauses agree.'])
})

test('[N-19] a table that nobody declared, and that erasure does not reach, is named', async t => {
  if (!house.ownerUrl) return t.skip('only the owner may add a table')
  const owner = await openPostgresOwner(house.ownerUrl)
  try {
    await owner.exec('create table side_note (dossier_id uuid, words text)')
    const faults = await noticeFaults(house)
    assert.deepEqual(faults, [
      'The column side_note.dossier_id is not declared in the data map.',
      'The column side_note.words is not declared in the data map.',
      'Erasure does not reach the table side_note.',
      'Row-level security does not guard the table side_note.',
    ])
  } finally {
    await owner.close()
  }
})
