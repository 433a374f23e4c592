import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testHouse } from '#test/house.ts'
import { dora, othersDesk } from '#test/others.ts'
import { dorothy } from '#test/settled.ts'
import { agree, approve, decideAgain, refuseDisclosure, sendBack } from './decide.ts'
import { type Disclosure, NotYet } from './disclosure.ts'
import { ownRequest, putRight, takenBack } from './ending.ts'
import { fieldsFor } from './kinds.ts'
import { handOver, linkAgain, release } from './release.ts'
import { weigh } from './weigh.ts'

const house = await testHouse()
const { desk, person, ask, found, row } = othersDesk(house)
const held = { name: 'Amina Okafor', email: 'amina@example.org', phone: '01632 960 001', landlord: 'Alder Homes' }
const subject = await person(held)

const acts = [
  'weigh',
  'weigh without less',
  'weigh without basis',
  'weigh without prejudice',
  'approve',
  'refuse',
  'agree',
  'agree self',
  'send back',
  'again',
  'make',
  'link',
  'take',
  'wait four days',
  'taken back',
  'own',
  'put right',
] as const
type Act = (typeof acts)[number]
const names = fc.subarray(['name', 'email', 'phone', 'address', 'landlord', 'ethnicity', 'answers'])

/** Whether every check that stands before a release was passed, seen from outside. */
function mayRelease(one: Disclosure): boolean {
  const isWeighed = one.weighed_at && one.less_weighed && one.gateway && one.lawful_basis && one.switched_off
  const isSeen = one.second === 'agree' ? one.second_by !== one.decided_by : one.is_emergency && one.second === null
  return Boolean(isWeighed && one.decision === 'release' && !one.closed_at && isSeen)
}

test('[N-40] [N-43] [N-46] no path of steps releases what was not weighed, decided and agreed; what is released was asked for and approved', async () => {
  let released = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...acts), { maxLength: 14 }),
      // Most paths begin well, so that the later steps are reached.
      fc.constantFrom<Act[]>(
        [],
        ['weigh', 'approve'],
        ['weigh', 'approve', 'agree', 'make'],
        ['weigh', 'approve', 'agree', 'make', 'take'],
      ),
      names,
      names,
      fc.boolean(),
      async (rest, begin, fields, approved, isEmergency) => {
        const type = isEmergency ? ('safeguarding' as const) : ('legal' as const)
        const asks = { type, fields, isEmergency }
        if (!fieldsFor(type).some(field => fields.includes(field))) {
          await assert.rejects(ask(subject, asks), NotYet)
          return
        }
        const id = await ask(subject, asks)
        const now = house.clock.now()
        const links: { token: string; code: string; isOld: boolean }[] = []
        const good = {
          ...found,
          gateway: isEmergency ? 'sch1-para18' : 'sch2-para5-3',
          fields: approved,
          basis: { proof: 'authority', atRisk: 'adult', noConsent: 'cannot', why: 'As the letter says.' } as const,
        }
        const steps: Record<Exclude<Act, 'wait four days' | 'make' | 'link' | 'take'>, () => Promise<unknown>> = {
          weigh: () => desk(tx => weigh(tx, house, dorothy, id, good)),
          'weigh without less': () => desk(tx => weigh(tx, house, dorothy, id, { ...good, lessWeighed: false })),
          'weigh without basis': () => desk(tx => weigh(tx, house, dorothy, id, { ...good, lawfulBasis: 'consent' })),
          'weigh without prejudice': () =>
            desk(tx => weigh(tx, house, dorothy, id, { ...good, switchedOff: undefined })),
          approve: () => desk(tx => approve(tx, house, dorothy, id)),
          refuse: () =>
            desk(tx =>
              refuseDisclosure(tx, house, dorothy, id, { ground: 'unneeded', reasons: 'No.', switchedOff: {} }),
            ),
          agree: () => desk(tx => agree(tx, house, dora, id)),
          'agree self': () => desk(tx => agree(tx, house, dorothy, id)),
          'send back': () => desk(tx => sendBack(tx, house, dora, id, 'Too much.')),
          again: () => desk(tx => decideAgain(tx, house, dorothy, id, 'A slip.')),
          'taken back': () => desk(tx => takenBack(tx, house, dorothy, id, 'They rang.')),
          own: () => desk(tx => ownRequest(tx, house, dorothy, id, 'authority')),
          'put right': () => desk(tx => putRight(tx, house, dorothy, id, 'They deleted it.')),
        }
        for (const act of [...begin, ...rest]) {
          const before = await row(id)
          try {
            if (act === 'wait four days') {
              house.clock.set(new Date(house.clock.now().getTime() + 4 * 24 * 3_600_000).toISOString())
            } else if (act === 'make' || act === 'link') {
              const give = act === 'make' ? release : linkAgain
              const made = await desk(tx => give(tx, house, dorothy, id, 'phone'))
              assert.ok(mayRelease(before), `${act} after ${JSON.stringify(before)}`)
              for (const one of links) one.isOld = true
              links.push({ ...made, isOld: false })
            } else if (act === 'take') {
              for (const link of links) {
                const state = await row(id)
                const taken = await desk(tx => handOver(tx, house, dorothy, link.token, link.code))
                if (!taken) continue
                released++
                assert.ok(!link.isOld && mayRelease(state) && !state.handed_at, 'a link works once, while it is agreed')
                const given = Object.entries(held).filter(([, value]) => taken.extract.includes(value))
                for (const [key] of given)
                  assert.ok(fields.some(one => one === key) && approved.some(one => one === key), key)
              }
            } else await steps[act]()
          } catch (error) {
            if (!(error instanceof NotYet)) throw error
            assert.deepEqual(await row(id), before, 'a step that is refused changes nothing')
          }
          const after = await row(id)
          if (before.closed_at) assert.deepEqual(after, before, 'what is closed stays as it was')
          if (after.second) assert.notEqual(after.second_by, after.decided_by)
          if (after.closed_at) assert.ok(after.outcome)
        }
        house.clock.set(now.toISOString())
      },
    ),
    { numRuns: 60 },
  )
  assert.ok(released > 0, 'some paths do release: the others prove something')
})
