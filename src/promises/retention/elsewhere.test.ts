import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailDeleter } from '#src/panel/correspondence/elsewhere.ts'
import { tell } from '#src/panel/correspondence/tell.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { askProcessor, type Deleter } from './elsewhere.ts'
import { erase } from './erase.ts'
import { sweep } from './sweep.ts'

const site = await testSite()
const { house } = site
const by = system('test')
const store = { by, for: 'store' } as const
const recordOf = async (who: string) => (await house.vault.findByEmail(`${who}@residents.example`))[0] ?? ''
const deletions = () =>
  within(house, store, tx => tx.selectFrom('processor_deletion').selectAll().orderBy('queued_at').execute())
const certificate = (id: string) =>
  within(house, store, tx => tx.selectFrom('certificate').selectAll().where('dossier_was', '=', id).executeTakeFirst())

test('[N-47] who was written to is deleted at the mail service too: a job by its number, a receipt, and nothing personal', async () => {
  const amina = await recordOf('amina')
  await site.letters()
  const theirs = (await site.letters()).filter(one => one.to === 'amina@residents.example')
  assert.ok(theirs.length > 0)
  await erase(house.reach, by, [amina], 'erasure request')
  assert.deepEqual((await certificate(amina))?.processors, ['mail service'])
  const [row] = await deletions()
  assert.equal(row?.dossier_was, amina)
  assert.equal(row?.asked_at, null)
  const jobs = await within(house, store, tx => tx.selectFrom('processor_deletion').select('id').execute())
  await askProcessor(house, [mailDeleter(house.mailer)], jobs[0]?.id ?? '')
  const left = (await site.letters()).filter(one => one.to === 'amina@residents.example')
  assert.deepEqual(left, [], 'the letters are gone there')
  const [done] = await deletions()
  assert.equal(done?.receipt, `outbox-${theirs.length}`)
  assert.deepEqual(done?.handles, [], 'and the ids are not kept longer than needed')
  assert.ok(!JSON.stringify(done).includes('Amina') && !JSON.stringify(done).includes('@'))
  const dorothy = await site.staff('Dorothy')
  assert.match(
    (await dorothy.get('/staff/protection/registers/certificates')).text,
    /mail service: receipt outbox-\d+ on/,
  )
  await askProcessor(
    house,
    [{ processor: 'mail service', remove: async () => assert.fail('asked twice') }],
    row?.id ?? '',
  )
})

test('[N-47] a processor that does not answer stays on the Today page until a person notes its receipt', async () => {
  const dev = await recordOf('dev')
  await within(house, { by, for: 'administer the panel' }, tx =>
    tell(tx, house, by, dev, 'withdrawn', { reference: 'x', deleted: 'y' }),
  )
  await site.letters()
  await within(house, store, tx => house.vault.moveExpiry(tx, by, [dev], '2026-11-23', 'test'))
  await sweep(house.reach)
  const row = (await deletions()).find(one => one.dossier_was === dev)
  const silent: Deleter = { processor: 'mail service', remove: async () => undefined }
  await askProcessor(house, [silent], row?.id ?? '')
  const chatty: Deleter = { processor: 'mail service', remove: async () => 'deleted dev@residents.example' }
  await askProcessor(house, [chatty], row?.id ?? '')
  const down: Deleter = {
    processor: 'mail service',
    remove: () => Promise.reject(new Error('550 dev@residents.example')),
  }
  await assert.rejects(askProcessor(house, [down], row?.id ?? ''), { code: 'processor does not answer' })
  const dorothy = await site.staff('Dorothy')
  assert.match((await dorothy.get('/staff')).text, /mail service: 1 deletion without a reply since 23 November 2026/)
  assert.match((await dorothy.get('/staff/protection/registers/certificates')).text, /mail service: no reply yet/)
  const page = '/staff/protection/deletion'
  assert.match((await dorothy.get(page)).text, /mail service: 1 to delete/)
  const list = await dorothy.get(`${page}/list.csv?processor=mail%20service`)
  assert.equal(list.text.trim().split('\n').length, (row?.handles.length ?? 0) + 1)
  assert.doesNotMatch(list.text, /@|Dev/)
  const wrong = await dorothy.send(`${page}/receipt`, { receipt: 'they said yes to dev@x.org' }, page)
  assert.match(wrong.text, /Enter their reference/)
  await dorothy.send(`${page}/receipt`, { receipt: 'CASE-2026/114' }, page)
  assert.doesNotMatch((await dorothy.get('/staff')).text, /without a reply/)
  const after = (await deletions()).find(one => one.dossier_was === dev)
  assert.equal(after?.receipt, 'CASE-2026/114')
})

test('who was never written to needs no asking, and a crash between the steps asks once', async () => {
  const [id = ''] = await within(house, store, tx => house.vault.beginMany(tx, by, 'panel', '2027-06-30', 1))
  const before = (await deletions()).length
  await erase(house.reach, by, [id], 'erasure request')
  assert.deepEqual((await certificate(id))?.processors, [])
  assert.equal((await deletions()).length, before)
  const chloe = await recordOf('chloe')
  const crash = {
    ...house.reach,
    step: (name: string) => {
      if (name === 'files') throw new Error('power cut')
    },
  }
  await assert.rejects(erase(crash, by, [chloe], 'erasure request'))
  await sweep(house.reach)
  await sweep(house.reach)
  assert.equal((await deletions()).filter(one => one.dossier_was === chloe).length, 1)
})

test('[N-68] a processor that may keep a rest says until when, on the certificate', async () => {
  const [id = ''] = await within(house, store, tx => house.vault.beginMany(tx, by, 'panel', '2027-06-30', 1))
  const bulletins = { dossier: id, processor: 'GovDelivery', handles: ['7f3a'] } as const
  await erase(
    { ...house.reach, heldElsewhere: async () => [{ ...bulletins, handles: ['7f3a'] }] },
    by,
    [id],
    'erasure request',
  )
  const row = (await deletions()).find(one => one.dossier_was === id)
  assert.equal(row?.tail_ends, '2032-11-23')
  await askProcessor(house, [{ processor: 'GovDelivery', remove: async () => 'gd-1' }], row?.id ?? '')
  const dorothy = await site.staff('Dorothy')
  assert.match(
    (await dorothy.get('/staff/protection/registers/certificates')).text,
    /GovDelivery: receipt gd-1 on 2026-11-23, may keep a rest until 2032-11-23/,
  )
})
