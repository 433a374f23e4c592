import type { Tx } from '#src/platform/database/database.ts'
import { noOneTime } from '../handover/one-time.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { type Disclosure, inHand, NotYet, step, type Wrong } from './disclosure.ts'
import { dropExtract } from './extract.ts'
import { type Refusal, refusals } from './kinds.ts'
import { type SwitchedOff, switchedOff, unanswered } from './prejudice.ts'

/** Decides to release: everything is weighed, and at least one field is needed. */
export async function approve(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  const one = await inHand(tx, id)
  if (one.decision) throw new NotYet('It is decided already')
  if (!one.weighed_at || !one.approved_fields.length)
    throw new NotYet('Weigh it first: the gateway, what is needed, and whether less could be given')
  await step(tx, house, by, id, 'release decided', {
    decision: 'release',
    decided_at: house.clock.now(),
    decided_by: by.id,
  })
}

/**
 * Refuses, which is a whole answer: a ground, the reasons in words, and whether the person may know of it, by the same test as
 * for a release. Needs one person.
 */
export async function refuseDisclosure(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  said: { ground: string; reasons: string; switchedOff?: SwitchedOff | undefined },
): Promise<void> {
  const one = await inHand(tx, id)
  if (one.decision) throw new NotYet('It is decided already')
  const asksNow = one.subject !== null && one.switched_off === null
  const wrong = {
    ...groundFault(one, said.ground),
    ...(said.reasons ? {} : { reasons: 'Enter the reasons: they are kept, and go into the letter' }),
    ...(asksNow ? unanswered(said.switchedOff) : {}),
  }
  if (!isRefusal(said.ground) || Object.keys(wrong).length) throw new NotYet(wrong)
  const off = said.switchedOff ?? {}
  const set = { decision: 'refuse', refusal: said.ground, decided_at: house.clock.now(), decided_by: by.id } as const
  const test = asksNow ? { switched_off: switchedOff(off) } : {}
  const change = { reasons: said.reasons, ...(asksNow ? { prejudice: off } : {}) }
  await step(tx, house, by, id, 'refused', { ...set, ...test }, { words: said.reasons, change })
}

/** Grounds on which a request about someone we hold no record of can be refused. */
const withoutRecord: readonly Refusal[] = ['not held', 'unproved', 'unclear']

/** The grounds that a request can be refused on. */
export function groundsFor({ subject }: Disclosure): Refusal[] {
  const all = Object.keys(refusals).filter(isRefusal)
  return subject ? all : all.filter(ground => withoutRecord.includes(ground))
}

function groundFault(one: Disclosure, ground: string): Wrong {
  if (groundsFor(one).some(each => each === ground)) return {}
  const says = isRefusal(ground)
    ? 'No record was found: say that we hold nothing, or what is unclear or not proved'
    : 'Select why it is refused'
  return { ground: says }
}

function isRefusal(ground: string): ground is Refusal {
  return Object.hasOwn(refusals, ground)
}

/** The second person, who is not the first, agrees. In an emergency it comes after, within a working day. */
export async function agree(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  const one = await toLookAt(tx, by, id)
  const now = house.clock.now()
  const end = one.handed_at ? ({ closed_at: now, outcome: 'given' } as const) : {}
  await step(tx, house, by, id, 'second person agreed', { second: 'agree', second_at: now, second_by: by.id, ...end })
}

/**
 * The second person sends it back, and says why. Nothing that was weighed counts any more, and a link that nobody has used is
 * closed; it is mended, weighed and decided again. What was taken in an emergency cannot come back: it is put right.
 */
export async function sendBack(tx: Tx, house: House, by: Actor, id: string, why: string): Promise<void> {
  const one = await toLookAt(tx, by, id)
  if (!why) throw new NotYet('Enter what has to be mended', 'why')
  const now = house.clock.now()
  const set = one.handed_at
    ? ({ second: 'disagree', second_at: now, second_by: by.id } as const)
    : { ...undecided, sent_back_at: now }
  if (!one.handed_at) await dropExtract(tx, house, by, id)
  await step(tx, house, by, id, 'sent back by the second person', set, { words: why })
}

/** Whoever decided, or anyone at the desk, takes a decision back before it took effect: it is weighed and decided again. */
export async function decideAgain(tx: Tx, house: House, by: Actor, id: string, why: string): Promise<void> {
  const one = await inHand(tx, id)
  if (!one.decision || one.handed_at) throw new NotYet('There is no decision to take back')
  if (!why) throw new NotYet('Enter why it is decided again', 'again')
  await dropExtract(tx, house, by, id)
  const set = { ...undecided, refusal: null, second: null, second_at: null, second_by: null }
  await step(tx, house, by, id, 'decision taken back', set, { words: why, change: { reasons: '', letter: '' } })
}

const undecided = {
  ...noOneTime,
  less_weighed: false,
  weighed_at: null,
  decision: null,
  decided_at: null,
  decided_by: null,
  released_at: null,
  released_sha256: null,
}

async function toLookAt(tx: Tx, by: Actor, id: string): Promise<Disclosure> {
  const one = await inHand(tx, id)
  if (one.decision !== 'release' || one.second) throw new NotYet('There is nothing to agree to')
  if (one.decided_by === by.id) throw new NotYet('Another person than the one who decided has to look')
  return one
}
