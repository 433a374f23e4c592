import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applicantsOf } from '#src/panel/recruitment/application.ts'
import { rounds } from '#src/panel/recruitment/round.ts'
import { decide } from '#src/panel/review/deciding/decide.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'

const site = await testSite({ closed: 12, seated: 6 })
const grace = await site.staff('Grace')

test('a round shows its way to a panel, step by step, with a link to the very place', async () => {
  assert.match(
    await stepsOf('demonstration'),
    /Applications 6 applications so far and 0 not sent yet, open until .*Waiting/,
  )
  const closed = await stepsOf('just closed')
  assert.match(closed, /Applications 12 applications came in Done/)
  assert.match(closed, /Review Say what is looked for, who reads, and until when To do/)
  assert.match(closed, /Draw From everyone in the pool, .* Cannot start yet/)
  const seated = await stepsOf('panel in office')
  assert.match(seated, /Review Decided without a review Done/)
  assert.match(seated, /Offers 6 accepted, 0 not answered, 0 declined, 0 lapsed Done/)
  assert.match(seated, /In office .*6 members Done/)
})

test('once everyone is decided about, the draw is what is to do', async () => {
  const by = system('demo')
  const id = (await roundOf('just closed')).id
  await within(site.house, { by, for: 'administer the panel' }, async tx => {
    await decide(tx, site.house, by, await applicantsOf(tx, id), 'eligible', { code: 'officer' })
  })
  const steps = await stepsOf('just closed')
  assert.match(steps, /Decisions 12 of 12 applications decided Done/)
  assert.match(steps, /Draw 12 people in the pool for 30 places To do/)
  assert.match((await grace.get(`/staff/rounds/${id}`)).text, new RegExp(`href="/staff/selection/${id}"`))
})

async function roundOf(name: string) {
  const all = await within(site.house, { by: system('demo'), for: 'administer the panel' }, tx => rounds(tx))
  const round = all.find(one => one.name.includes(name))
  assert.ok(round)
  return round
}

/** The steps of a round as a person reads them. */
async function stepsOf(name: string): Promise<string> {
  const { text } = await grace.get(`/staff/rounds/${(await roundOf(name)).id}`)
  const list = /<ul class="govuk-task-list">([\s\S]*?)<\/ul>/.exec(text)?.[1] ?? ''
  return list.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
}
