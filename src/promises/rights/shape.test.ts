import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { everyField } from '../notice/datamap.ts'
import { accessCopy, copyJson, copyRows } from './copy.ts'
import { fileShape } from './shape.ts'

const site = await testSite({ seated: 20 })
const { house } = site
const by = system('test')

test('[N-70] every copy fits the published schema, and one that strays from it does not', async () => {
  const published = JSON.parse((await site.visitor().get('/data-copy/schema.json')).text)
  // The schema as others read it: read back from what is published, not the code that made it.
  const shape = z.fromJSONSchema(published)
  for (const email of ['amina@residents.example', 'gwen@residents.example']) {
    const [id = ''] = await house.vault.findByEmail(email)
    const copy = await within(house, { by, for: 'exercise rights' }, tx => accessCopy(tx, house, by, id))
    assert.ok(copy)
    const pieces: string[] = []
    for await (const piece of copyJson(house, copy)) pieces.push(piece)
    const file = JSON.parse(pieces.join(''))
    assert.equal(file.$schema, published.$id)
    for (const reads of [shape, fileShape()]) assert.deepEqual(reads.safeParse(file).error?.issues ?? [], [])
    for (const strays of [
      { ...file, schema: 'other' },
      { ...file, values: [{ ...file.values[0], field: 'mood' }] },
      { ...file, rows: { ...file.rows, diary: [] } },
      { ...file, rows: { application: [{ mood: 'good' }] } },
      { ...file, openings: undefined },
    ])
      assert.equal(shape.safeParse(strays).success, false)
  }
})

test('[N-70] the schema names every field with its words, the table has the columns that are described, and both are linked', async () => {
  const { text } = await site.visitor().get('/data-copy')
  for (const { kind, rule, field } of everyField())
    if (kind === 'panel' && rule.purposes.includes('exercise rights'))
      assert.ok(text.includes(`>${field}<`), `${field} is on the page`)
  assert.match(text, /href="\/data-copy\/schema\.json"/)
  const metadata = JSON.parse((await site.visitor().get('/data-copy/csv-metadata.json')).text)
  const [id = ''] = await house.vault.findByEmail('amina@residents.example')
  const copy = await within(house, { by, for: 'exercise rights' }, tx => accessCopy(tx, house, by, id))
  assert.ok(copy)
  const titles = metadata.tableSchema.columns.map((one: { titles: string }) => one.titles)
  assert.deepEqual(copyRows(copy)[0], titles)
})
