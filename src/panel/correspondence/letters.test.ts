import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { remindDrafts } from '#src/panel/recruitment/remind.ts'
import { type Letter, MailError } from '#src/platform/mail/mailer.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { sendLetter } from './send.ts'
import { tell } from './tell.ts'

const site = await testSite()
const { house } = site
const by = system('test')
const plain = async (_id: string, _template: unknown, detail: { [name: string]: string | number | boolean }) => detail

/** The house with a mail server that does as the test says. */
function mailing(send: (letter: Letter) => Promise<void>): House {
  return { ...house, mailer: { send, answers: async () => true, close: () => {} } }
}

async function people(count: number): Promise<string[]> {
  return within(house, { by, for: 'administer the panel' }, async tx => {
    const ids = await house.vault.beginMany(tx, by, 'panel', '2027-06-30', count)
    await house.vault.putMany(
      tx,
      by,
      'panel',
      ids.map((id, at) => ({ id, values: { name: `Person ${at}`, email: `p${at}@residents.example` } })),
    )
    return ids
  })
}

async function waiting(): Promise<string[]> {
  const rows = await within(house, { by, for: 'administer the panel' }, tx =>
    tx
      .selectFrom('message')
      .select('id')
      .where('state', '=', 'waiting')
      .where('channel', '=', 'email')
      .where('template', '=', 'withdrawn')
      .execute(),
  )
  return rows.map(row => row.id)
}

test('[N-07] a thousand letters are a thousand letters to one person each', async () => {
  const ids = await people(1000)
  await within(house, { by, for: 'administer the panel' }, tx =>
    tell(tx, house, by, ids, 'withdrawn', { reference: 'RP-1', deleted: '1 May 2027' }),
  )
  const got: Letter[] = []
  const mailed = mailing(async letter => void got.push(letter))
  for (const id of await waiting()) await sendLetter(mailed, id, plain)
  assert.equal(new Set(got.map(letter => letter.to.address)).size, 1000)
  assert.equal(got.length, 1000)
  assert.ok(got.every(letter => !/[,;]/.test(letter.to.address)))
})

test('[N-07] a restricted person and one who is gone get nothing', async () => {
  const [restricted = '', gone = '', reached = ''] = await people(3)
  await within(house, { by, for: 'administer the panel' }, tx =>
    tell(tx, house, by, [restricted, gone, reached], 'withdrawn', { reference: 'RP-2', deleted: '1 May 2027' }),
  )
  const queue = await waiting()
  await house.keys.setRestricted(restricted, true)
  await house.keys.tombstone([gone], house.clock.now())
  const got: string[] = []
  for (const id of queue)
    await sendLetter(
      mailing(async letter => void got.push(letter.to.name)),
      id,
      plain,
    )
  assert.deepEqual(got, ['Person 2'])
})

test('a mail server that is down loses nothing: the letter waits, and goes with the same Message-ID', async () => {
  const [one = ''] = await people(1)
  await within(house, { by, for: 'administer the panel' }, tx =>
    tell(tx, house, by, one, 'withdrawn', { reference: 'RP-3', deleted: '1 May 2027' }),
  )
  const [letter = ''] = await waiting()
  const down = mailing(async () => {
    throw new MailError('server unreachable')
  })
  await assert.rejects(sendLetter(down, letter, plain), /server unreachable/)
  const got: Letter[] = []
  await sendLetter(
    mailing(async sent => void got.push(sent)),
    letter,
    plain,
  )
  await sendLetter(
    mailing(async sent => void got.push(sent)),
    letter,
    plain,
  )
  assert.deepEqual(
    got.map(sent => sent.id),
    [letter],
  )
})

test('an address that is refused is left for a person, who sees it without the address', async () => {
  const [one = ''] = await people(1)
  await within(house, { by, for: 'administer the panel' }, tx =>
    tell(tx, house, by, one, 'withdrawn', { reference: 'RP-4', deleted: '1 May 2027' }),
  )
  for (const id of await waiting())
    await sendLetter(
      mailing(async () => {
        throw new MailError('address refused')
      }),
      id,
      plain,
    )
  const grace = await site.staff('Grace')
  const page = await grace.get('/staff/letters')
  assert.match(page.text, /address refused/)
  assert.match((await grace.get('/staff/settings/letters')).text, /We have your application/)
  const stored = await sql<{
    found: number
  }>`select count(*) as found from message where cast(message as text) like '%residents.example%'`.execute(house.db)
  assert.equal(Number(stored.rows[0]?.found), 0)
})

test('who chose phone is on the call list, and is crossed off once rung', async () => {
  const grace = await site.staff('Grace')
  const page = await grace.get('/staff/letters')
  assert.match(page.text, /Eileen Roper, 01632 960 044/)
  const [, path = ''] = /Eileen Roper, 01632[\s\S]*?action="(\/staff\/letters\/[^"]+)"/.exec(page.text) ?? []
  assert.equal((await grace.send(path, {}, '/staff/letters')).status, 303)
  assert.doesNotMatch((await grace.get('/staff/letters')).text, /Eileen Roper, 01632/)
})

test('a draft is reminded once, three days before the round closes', async () => {
  const visitor = site.visitor()
  await visitor.send('/apply/name', { name: 'Slow Sam' })
  await visitor.send('/apply/contact', { channel: 'email', email: 'sam@residents.example' })
  assert.equal(await remindDrafts(house), 0)
  house.clock.set('2027-01-01T18:00:00Z')
  assert.equal(await remindDrafts(house), 1)
  assert.equal(await remindDrafts(house), 0)
  const letters = await site.letters()
  assert.equal(
    letters.filter(one => one.to === 'sam@residents.example' && one.subject === 'Your application is not sent yet')
      .length,
    1,
  )
})
