import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'

const site = await testSite({ closed: 20 })
const { house } = site
const self = { by: system('test'), for: 'administer the panel' } as const
const names = ['Priya', 'Sean', 'Mina', 'Omar'] as const
const grace = await site.staff('Grace')
const browsers = new Map<string, typeof grace>()
for (const name of names) browsers.set(name, await site.staff(name))

const round = await within(house, self, async tx => {
  const rows = await tx.selectFrom('round').selectAll().execute()
  return rows.find(row => row.name.includes('just closed'))?.id ?? ''
})
const base = `/staff/review/${round}`
const setUp = (await grace.get(`${base}/set-up`)).text
const idOf = new Map(
  names.map(name => {
    const found = new RegExp(`type="checkbox" value="([^"]+)"[^>]*>\\s*<label[^>]*>\\s*${name}`).exec(setUp)
    return [name as string, found?.[1] ?? '']
  }),
)
const plan = {
  readers: [...idOf.values()],
  readings: '2',
  scale: 'five',
  shown: 'five',
  cap: '300',
  deadline: '2026-12-20',
  weight1: '1',
  weight2: '1',
}

/** Who may not read what, kept by the test alone: it never asks the program. */
const apart = new Set<string>()
const declared = new Map<string, { landlords: Set<string>; areas: Set<string> }>(
  names.map(name => [name, { landlords: new Set(), areas: new Set() }]),
)
const people = await within(house, self, async tx => {
  const rows = await tx.selectFrom('application').select('dossier_id').where('round_id', '=', round).execute()
  const ask = { ...self, fields: ['landlord', 'area'] } as const
  const held = await house.vault.open(
    tx,
    'panel',
    ask,
    rows.map(row => row.dossier_id),
  )
  return held.map(one => ({ id: one.id, landlord: one.landlord ?? '', area: one.area ?? '' }))
})
const mayNot = (name: string, id: string) => {
  const own = declared.get(name)
  const person = people.find(one => one.id === id)
  const isDeclared = person && (own?.landlords.has(person.landlord) || own?.areas.has(person.area))
  return apart.has(`${name} ${id}`) || Boolean(isDeclared)
}
/** Each barred reading is opened once by its reader, and once more after whatever gives it out again. */
const opened = new Map<string, string>()
function barredAnew(name: string, row: { id: string; dossier_id: string; state: string }): boolean {
  if (!mayNot(name, row.dossier_id) || opened.get(row.id) === row.state) return false
  opened.set(row.id, row.state)
  return true
}
const readings = () =>
  within(house, self, tx => tx.selectFrom('review_reading').selectAll().where('round_id', '=', round).execute())

/** Everyone opens every reading there is, and the next of their queue: what they are shown must be theirs to see. */
async function nobodySees(after: string): Promise<void> {
  const rows = await readings()
  for (const name of names) {
    const browser = browsers.get(name)
    const own = rows.filter(row => row.reader === idOf.get(name))
    const [queued = ''] = (await browser?.get(`${base}/next`))?.location.split('#') ?? []
    const next = /readings\/([^/]+)\//.exec(queued)?.[1]
    for (const row of own.filter(one => one.id === next || barredAnew(name, one))) {
      const page = await browser?.get(`/staff/review/readings/${row.id}`)
      if (mayNot(name, row.dossier_id)) {
        assert.notEqual(page?.status, 200, `${name} after ${after}`)
        assert.doesNotMatch(page?.text ?? '', /<blockquote/, `${name} after ${after}`)
      } else assert.equal(page?.status, 200, `${name} after ${after}`)
    }
  }
}

test('whoever typed an application in is never given it', async () => {
  const typed = people.slice(0, 4)
  await within(house, self, tx =>
    tx
      .updateTable('application')
      .set({ entered_by: idOf.get('Omar') ?? '' })
      .where(
        'dossier_id',
        'in',
        typed.map(one => one.id),
      )
      .execute(),
  )
  for (const { id } of typed) apart.add(`Omar ${id}`)
  await grace.send(`${base}/set-up`, plan)
  for (const name of names) await browsers.get(name)?.send(`${base}/interests`, {}, `${base}/reading`)
  await grace.send(`${base}/opening`, {}, base)
  const rows = await readings()
  assert.equal(rows.length, 40)
  assert.ok(!rows.some(row => row.reader === idOf.get('Omar') && apart.has(`Omar ${row.dossier_id}`)))
})

test('a landlord or area put right later ends the pair before the answers are seen, and a score of it is refused', async () => {
  const [row] = (await readings()).filter(one => one.reader === idOf.get('Priya'))
  const person = people.find(one => one.id === row?.dossier_id)
  assert.ok(row && person)
  await browsers.get('Priya')?.send(`${base}/interests`, { landlords: 'Nowhere Homes', keep: 'yes' }, `${base}/reading`)
  declared.get('Priya')?.landlords.add('Nowhere Homes')
  const open = await browsers.get('Priya')?.get(`/staff/review/readings/${row.id}`)
  assert.equal(open?.status, 200)
  const [, score = ''] = /action="(\/staff\/review\/readings\/[^"]+\/[^"]+)" novalidate/.exec(open?.text ?? '') ?? []
  const [, csrf = ''] = /name="_csrf" value="([^"]+)"/.exec(open?.text ?? '') ?? []
  await within(house, self, tx => house.vault.put(tx, self.by, 'panel', person.id, { landlord: 'Nowhere Homes' }))
  person.landlord = 'Nowhere Homes'
  assert.equal((await browsers.get('Priya')?.raw(score, { _csrf: csrf, score: '3' }))?.status, 403)
  const page = await browsers.get('Priya')?.get(`/staff/review/readings/${row.id}`)
  assert.equal(page?.status, 403)
  assert.match(page?.text ?? '', /You told us that you may know this person/)
  const others = (await readings()).filter(one => one.dossier_id === person.id && one.state === 'assigned')
  assert.equal(others.length, 2)
  assert.ok(!others.some(one => one.reader === idOf.get('Priya')))
})

test('no assignment, reassignment or reload ever shows a pair that is kept apart, whatever happens in whatever order', async () => {
  let seed = 7
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return Math.floor((seed / 0x80000000) * below)
  }
  const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T // the checked edge: never asked of an empty list
  for (let step = 0; step < 30; step++) {
    const name = pick(names)
    const browser = browsers.get(name)
    const person = pick(people)
    const act = pick(['score', 'know', 'landlord', 'area', 'leave', 'come back', 'typed in', 'give out', 'put right'])
    const own = (await readings()).filter(row => row.reader === idOf.get(name) && row.state === 'assigned')
    if (act === 'score') {
      const [url = ''] = (await browser?.get(`${base}/next`))?.location.split('#') ?? []
      if (!url.endsWith('/reading')) await browser?.send(url, { score: pick(['1', '3', '5', 'abstain']) })
    }
    if (act === 'know' && own.length) {
      const row = pick(own)
      await browser?.send(`/staff/review/readings/${row.id}/acquaintance`, {}, `${base}/reading`)
      apart.add(`${name} ${row.dossier_id}`)
    }
    if ((act === 'landlord' || act === 'area') && (declared.get(name)?.[`${act}s`].size ?? 0) < 2) {
      const sent = await browser?.send(
        `${base}/interests`,
        act === 'landlord' ? { landlords: person.landlord, keep: 'yes' } : { areas: person.area },
        `${base}/reading`,
      )
      if (sent?.status === 303) declared.get(name)?.[`${act}s`].add(person[act])
    }
    if (act === 'leave') await grace.send(`${base}/leavers`, { reader: idOf.get(name) ?? '' }, base)
    if (act === 'come back') await grace.send(`${base}/set-up`, plan)
    if (act === 'give out') await grace.send(`${base}/opening`, {}, base)
    if (act === 'put right') {
      const landlord = pick(people).landlord
      await within(house, self, tx => house.vault.put(tx, self.by, 'panel', person.id, { landlord }))
      person.landlord = landlord
    }
    if (act === 'typed in') {
      // An application that came late and was typed in by a reviewer, before it is given to anyone.
      await within(house, self, async tx => {
        await tx.deleteFrom('review_reading').where('dossier_id', '=', person.id).execute()
        await tx
          .updateTable('application')
          .set({ entered_by: idOf.get(name) ?? '' })
          .where('dossier_id', '=', person.id)
          .execute()
      })
      apart.add(`${name} ${person.id}`)
    }
    await nobodySees(`${step} ${act} by ${name}`)
  }
  assert.ok(apart.size > 6)
  const ended = (await readings()).filter(row => row.state === 'conflict')
  assert.ok(ended.length > 2)
})
