import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { openCase } from './cases.ts'
import { exceptionsFor } from './grounds.ts'
import { decisions, eightRights, type Matter } from './rights.ts'
import { type Reaches, type Right, truth } from './truth.ts'

// Every right, accepted, in part and refused, from receipt to the closing letter, as the desk sees it.
const site = await testSite()
const { house } = site
const by = system('test')
const rights = { by, for: 'exercise rights' } as const
const dorothy = await site.staff('Dorothy')
const nadia = await site.staff('Nadia')

let count = 0
/** Someone with a record of their own. */
async function someone(): Promise<{ id: string; email: string }> {
  const email = `person${++count}@residents.example`
  const id = await within(house, { by, for: 'administer the panel' }, async tx => {
    const made = await house.vault.begin(tx, by, 'panel', '2027-06-30')
    await house.vault.put(tx, by, 'panel', made, {
      name: `Person ${count}`,
      email,
      phone: '01632 960 050',
      landlord: 'Alder',
    })
    return made
  })
  return { id, email }
}
const held = async (id: string) => {
  const ask = { by, for: 'exercise rights', fields: ['name', 'phone', 'landlord'] } as const
  const [opened] = await within(house, rights, tx => house.vault.open(tx, 'panel', ask, [id]))
  return opened
}

/** A case as the desk has it once it came. */
const caseAbout = ({
  name = 'P',
  reach,
  ...asked
}: Pick<Parameters<typeof openCase>[3], 'matter' | 'subject' | 'receivedAt'> & {
  channel?: 'email' | 'post'
  name?: string
  reach: string
}) =>
  within(house, rights, tx =>
    openCase(tx, house, by, { channel: 'email', words: 'Hi', requester: { name, reach }, ...asked }),
  )

/** What is asked to be sent on is searched, looked through, offered to a body, and noted how that went. */
async function sendOn(at: string): Promise<void> {
  const go = (path: string, fields: Record<string, string>) => nadia.send(`${at}/copy/${path}`, fields, `${at}/copy`)
  assert.match((await nadia.send(`${at}/execution`, {}, at)).text, /Say first to whom it went, and how that went/)
  await go('search', {})
  assert.match((await go('ready', { looked: 'yes' })).text, /Say first to whom it goes/)
  await go('receiver', { to: 'Tenants Together', reach: 'data@tenants.example' })
  assert.match((await go('ready', { looked: 'yes' })).text, /\/copy\/[\w-]{32}/)
  assert.match((await go('outcome', {})).text, /Select how it went/)
  assert.equal((await go('outcome', { outcome: 'refused', words: 'They have a form.' })).location, at)
}

const parts: Partial<Record<Matter, string>> = { erasure: 'landlord', objection: 'send documents' }
for (const matter of eightRights)
  for (const decision of Object.keys(decisions) as (keyof typeof decisions)[])
    test(`[N-70] [N-73] ${matter}, ${decision}: from receipt to the closing letter`, async () => {
      const { id, email } = await someone()
      const taken = await dorothy.send('/staff/protection/cases/new?channel=phone', {
        channel: 'phone',
        matter,
        name: `Person ${count}`,
        reach: email,
        words: 'I ask for it.',
        received: '2026-11-23 08:30',
      })
      const at = taken.location
      assert.match((await dorothy.get(at)).text, /Next: Find their record/)
      await dorothy.send(`${at}/subject`, { address: email }, at)
      const decide = (fields: Record<string, string>) => dorothy.send(`${at}/decision`, fields, at)
      if (decision !== 'granted') {
        const without = await decide({ decision, reasons: 'As the law says.' })
        assert.equal(without.status, 422)
        assert.match(without.text, /Select what stands in the way of all of it/)
      }
      const exception = Object.keys(exceptionsFor(matter))[0] ?? ''
      const part = parts[matter]
      if (decision === 'part' && part)
        assert.match((await decide({ decision, reasons: 'So.', exception })).text, /Select what (is deleted|stops)/)
      const done = await decide({ decision, reasons: 'As the law says.', exception, ...(part ? { part } : {}) })
      assert.equal(done.status, 303, done.text)
      if (decision !== 'refused') {
        if (matter === 'transfer') await sendOn(at)
        const said = new Map([
          ['access', 'They take it themselves.'],
          ['portability', 'By post.'],
          ['correction', 'Their name in our minutes.'],
        ]).get(matter)
        const given = said ? { given: said } : {}
        if (matter === 'correction')
          assert.match(
            (await nadia.send(`${at}/execution`, {}, at)).text,
            /Put it right first, or say what was put right/,
          )
        assert.equal((await nadia.send(`${at}/execution`, given, at)).status, 303)
      }

      const record = await house.vault.record(id)
      const isWhole = decision === 'granted'
      assert.equal(record?.state, matter === 'erasure' && isWhole ? 'tombstone' : 'alive')
      const isAside = (matter === 'restriction' && decision !== 'refused') || (matter === 'objection' && isWhole)
      assert.equal(record?.restricted, isAside)
      if (record?.state === 'alive') {
        const left = await held(id)
        assert.equal(left?.phone, '01632 960 050')
        assert.equal(left?.landlord, matter === 'erasure' && decision === 'part' ? undefined : 'Alder')
      }

      const page = await dorothy.get(at)
      const letter = /<textarea[^>]*id="letter"[^>]*>([^<]*)</.exec(page.text)?.[1] ?? ''
      assert.match(letter, /You rang us about your data on 23 November 2026/)
      assert.match(letter, /Why: As the law says\./)
      assert.match(letter, /Information Commissioner/)
      assert.match(letter, decision === 'refused' ? /We cannot do what you asked/ : /We have|is ready|We can do/)
      if (decision !== 'granted') assert.match(letter, /What the law says: /)
      if (matter === 'transfer' && decision !== 'refused')
        assert.match(letter, /We offered it to Tenants Together\. They did not want it\. They have a form\./)
      const unescaped = letter.replaceAll('&#39;', "'").replaceAll('&amp;', '&')
      const drafted = await dorothy.send(`${at}/letter`, { letter: unescaped }, at)
      assert.equal(drafted.location, `${at}/letter`)
      const check = await dorothy.get(`${at}/letter`)
      assert.match(check.text, new RegExp(`It goes by email to ${email}`))
      assert.doesNotMatch(check.text, /It does not/)
      await dorothy.send(`${at}/letter/sending`, {}, `${at}/letter`)
      const sent = (await site.letters()).find(one => one.to === email && one.subject === 'Our answer about your data')
      assert.match(sent?.text ?? '', /As the law says\./)
      assert.match((await dorothy.get(`${at}/print`)).text, /PO Box 1484/)
      await dorothy.send(`${at}/step`, { what: 'close' }, at)
      assert.match((await dorothy.get(at)).text, /Closed\./)
    })

test('[N-70] a purpose that someone objected to is stopped for them, in the vault and below it, and for nothing else', async () => {
  const { id, email } = await someone()
  const { id: other } = await someone()
  const { id: caseId } = await caseAbout({ matter: 'objection', channel: 'post', reach: email, subject: id })
  const at = `/staff/protection/cases/${caseId}`
  await dorothy.send(
    `${at}/decision`,
    { decision: 'part', reasons: 'So.', exception: '21-1-grounds', part: 'send documents' },
    at,
  )
  await dorothy.send(`${at}/execution`, {}, at)
  const opened = (purpose: 'send documents' | 'administer the panel') =>
    within(house, { by, for: purpose }, async tx => {
      const ids = [id, other]
      const fields = ['name'] as const
      const found =
        purpose === 'send documents'
          ? await house.vault.open(tx, 'panel', { by, for: 'send documents', fields }, ids)
          : await house.vault.open(tx, 'panel', { by, for: 'administer the panel', fields }, ids)
      const below = await tx
        .selectFrom('sealed_value')
        .select('dossier_id')
        .where('dossier_id', 'in', ids)
        .where('field', '=', 'name')
        .execute()
      return [found.map(one => one.id), below.map(row => row.dossier_id)]
    })
  assert.deepEqual(await opened('send documents'), [[other], [other]])
  assert.deepEqual(
    (await opened('administer the panel')).map(all => all.sort()),
    [[id, other].sort(), [id, other].sort()],
  )
})

test('[N-72] the desk asks for proof with its reason, for more with its question, and for time with its cause; each is a letter', async () => {
  const { id, email } = await someone()
  const { id: caseId } = await caseAbout({ matter: 'access', reach: email, subject: id })
  const at = `/staff/protection/cases/${caseId}`
  const go = (what: string, fields = {}) => dorothy.send(`${at}/step`, { what, ...fields }, at)
  assert.match((await go('ask-identity')).text, /Enter why you doubt who they are/)
  await go('ask-identity', { words: 'The name is another one.' })
  assert.match((await dorothy.get(at)).text, /The clock stands since 23 November 2026/)
  assert.match((await go('identity-proved', { on: '2026-11-22' })).text, /cannot have come before it was asked for/)
  assert.match((await go('identity-proved', { on: '2026-11-24' })).text, /must not be in the future/)
  await go('identity-proved', { on: '23/11/2026', words: 'Wrote from the address in the record.' })
  await go('ask-more', { words: 'Which meetings do you mean?' })
  assert.match((await dorothy.get(at)).text, /Next: Waits for the person to say more/)
  await go('more-came', { on: '2026-11-23' })
  assert.match((await go('extend')).text, /Enter why it takes longer/)
  await go('extend', { words: 'There are recordings to look through.' })
  const letters = (await site.letters()).filter(one => one.to === email).map(one => one.text)
  assert.match(letters.join('\n'), /not sure yet that it is you/)
  assert.doesNotMatch(letters.join('\n'), /The name is another one/, 'the doubt stays in the case')
  assert.match(letters.join('\n'), /Which meetings do you mean\?/)
  assert.match(letters.join('\n'), /we answer by 24 February 2027\.\s+Why: There are recordings/)
  const { text } = await dorothy.get(at)
  assert.match(text, /Due 24 February 2027/)
  const ledger = await within(house, rights, tx =>
    tx.selectFrom('ledger_entry').selectAll().where('subject', '=', caseId).execute(),
  )
  assert.doesNotMatch(
    JSON.stringify(ledger),
    /another one|Which meetings|recordings to look/,
    'no word that was typed is in the ledger',
  )
})

test('a message that asks for nothing is closed, one who took it back is closed, and a call is noted', async () => {
  const open = (matter: Matter) => caseAbout({ matter, reach: '01632 960 051' })
  const spam = `/staff/protection/cases/${(await open('unsorted')).id}`
  const go = (at: string, fields: Record<string, string>) => dorothy.send(`${at}/step`, fields, at)
  assert.match((await go(spam, { what: 'no-request' })).text, /Enter why it is no request/)
  await go(spam, { what: 'no-request', words: 'It sells windows.' })
  assert.match((await dorothy.get(spam)).text, /It sells windows/)
  const back = `/staff/protection/cases/${(await open('access')).id}`
  await go(back, { what: 'taken-back', words: 'They rang today.' })
  assert.match((await dorothy.get(back)).text, /Closed\./)
  const ring = `/staff/protection/cases/${(await open('ring back')).id}`
  assert.match((await dorothy.get(ring)).text, /Ring them on 01632 960 051/)
  await dorothy.send(`${ring}/matter`, { matter: 'correction' }, ring)
  assert.match((await dorothy.get(ring)).text, /Correct it/, 'what they asked for on the phone goes on as a case')
  const closed = await dorothy.get('/staff/protection/cases?closed=1')
  assert.match(closed.text, new RegExp(spam))
})

test('of several records that fit a name the desk chooses; each further one gets a case with the same date', async () => {
  const people = await Promise.all([someone(), someone()])
  await within(house, { by, for: 'administer the panel' }, async tx => {
    for (const { id } of people) await house.vault.put(tx, by, 'panel', id, { name: 'Twofold Ashcroft' })
  })
  const { id: caseId } = await caseAbout({
    matter: 'access',
    channel: 'post',
    name: 'Twofold Ashcroft',
    reach: '1 Road',
    receivedAt: new Date('2026-11-20T00:00:00Z'),
  })
  const at = `/staff/protection/cases/${caseId}`
  const find = (fields: Record<string, string | string[]>) => dorothy.send(`${at}/subject`, fields, at)
  assert.match(
    (await find({ address: 'Nobody Here' })).text,
    /No living record has this email address, phone number or name/,
  )
  const choose = await find({ address: 'ashcroft two', as: 'self' })
  assert.match(choose.text, /Which of these\?/)
  await find({ address: 'ashcroft two', as: 'self', record: people.map(one => one.id) })
  const rows = await within(house, rights, tx =>
    tx
      .selectFrom('rights_case')
      .select(['subject', 'received_at'])
      .where(
        'subject',
        'in',
        people.map(one => one.id),
      )
      .execute(),
  )
  assert.deepEqual(
    rows.map(row => row.received_at.toISOString()),
    ['2026-11-20T00:00:00.000Z', '2026-11-20T00:00:00.000Z'],
  )
})

test('of two officers who decide at once the second is told, and the first decision stands', async () => {
  const { id, email } = await someone()
  const { id: caseId } = await caseAbout({ matter: 'access', reach: email, subject: id })
  const at = `/staff/protection/cases/${caseId}`
  const fields = { reasons: 'So.', exception: '12-5' }
  const both = await Promise.all([
    dorothy.send(`${at}/decision`, { ...fields, decision: 'granted' }, at),
    nadia.send(`${at}/decision`, { ...fields, decision: 'refused' }, at),
  ])
  assert.deepEqual(both.map(one => one.status).sort(), [303, 422])
  assert.match(both.find(one => one.status === 422)?.text ?? '', /Someone has decided it meanwhile/)
})

/** The table of rights by purpose, as the promises state it. */
const stated: Record<keyof typeof truth, Record<Right, Reaches>> = {
  life: {
    access: 'yes',
    correction: 'yes',
    erasure: 'limited',
    restriction: 'yes',
    objection: 'yes',
    portability: 'no',
    withdrawal: 'none',
  },
  equality: {
    access: 'yes',
    correction: 'yes',
    erasure: 'limited',
    restriction: 'yes',
    objection: 'yes',
    portability: 'no',
    withdrawal: 'none',
  },
  adjustments: {
    access: 'yes',
    correction: 'yes',
    erasure: 'limited',
    restriction: 'yes',
    objection: 'yes',
    portability: 'no',
    withdrawal: 'limited',
  },
  engagement: {
    access: 'yes',
    correction: 'none',
    erasure: 'yes',
    restriction: 'yes',
    objection: 'yes',
    portability: 'no',
    withdrawal: 'yes',
  },
  recordings: {
    access: 'yes',
    correction: 'none',
    erasure: 'limited',
    restriction: 'yes',
    objection: 'yes',
    portability: 'no',
    withdrawal: 'none',
  },
  disclosures: {
    access: 'limited',
    correction: 'yes',
    erasure: 'limited',
    restriction: 'yes',
    objection: 'none',
    portability: 'no',
    withdrawal: 'none',
  },
}
test('[N-16] [N-70] what the engine proposes is the table of rights by purpose', () => {
  for (const [group, row] of Object.entries(stated) as [keyof typeof truth, Record<Right, Reaches>][])
    for (const [right, reaches] of Object.entries(row) as [Right, Reaches][])
      assert.equal(truth[group][right].reaches, reaches, `${group} ${right}`)
})
