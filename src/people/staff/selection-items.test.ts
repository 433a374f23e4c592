import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { rounds } from '#src/panel/recruitment/round.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'

const site = await testSite({ closed: 12 })
const grace = await site.staff('Grace')
const omar = await site.staff('Omar')

test('Today leads from the commitment to the draw, the decision and the second person', async () => {
  const all = await within(site.house, { by: system('demo'), for: 'administer the panel' }, tx => rounds(tx))
  const page = `/staff/selection/${all.find(one => one.name.includes('just closed'))?.id}`
  await grace.send(page, { size: '6', reserves: '2', reference: '' }, page)
  const run = (await grace.send(`${page}/runs`, {}, page)).location
  while ((await grace.get(run)).text.includes('This page looks again')) await wait(100)
  assert.match(await today(grace), /To do.*publish the commitment, then enter the public numbers/)
  await grace.send(`${run}/draw`, { seed: 'the numbers of the evening: 3 9 27' }, run)
  assert.match((await grace.get(run)).text, /A separate program, with a solver of its own, checked this draw/)
  assert.match(await today(grace), /To do.*decide on the panel that was drawn/)
  await grace.send(`${run}/decision`, { decision: 'accept' }, run)
  assert.match(await today(grace), /Waiting for others.*the selection you accepted waits for a second person/)
  assert.match(await today(omar), /To do.*confirm the selection, or send it back/)
  await omar.send(`${run}/confirmation`, { confirm: 'yes' }, run)
  assert.doesNotMatch(await today(omar), /confirm the selection/)
})

async function today(who: typeof grace): Promise<string> {
  return (await who.get('/staff')).text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
}
