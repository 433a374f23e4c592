import type { Tx } from '#src/platform/database/database.ts'
import { noOneTime } from '../handover/one-time.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { openCase, step as stepOfCase, type WriteToRequester } from '../rights/cases.ts'
import { asksAs } from '../rights/stands.ts'
import { disclosureById, inHand, NotYet, step } from './disclosure.ts'
import { dropExtract } from './extract.ts'

/** They took it back before anything was taken: it closes, and so does a link. */
export async function takenBack(tx: Tx, house: House, by: Actor, id: string, how: string): Promise<void> {
  const one = await inHand(tx, id)
  if (one.handed_at) throw new NotYet('It was taken already: nothing can be taken back')
  if (!how) throw new NotYet('Enter how and when they took it back', 'takenBack')
  await dropExtract(tx, house, by, id)
  const set = { ...noOneTime, closed_at: house.clock.now(), outcome: 'taken back' } as const
  await step(tx, house, by, id, 'request taken back', set, { words: how })
}

/** What should not have been given in an emergency is put right: called back, deleted over there, entered as a breach. */
export async function putRight(tx: Tx, house: House, by: Actor, id: string, how: string): Promise<void> {
  const one = await inHand(tx, id)
  if (!one.handed_at || one.second !== 'disagree') throw new NotYet('There is nothing to put right')
  if (!how) throw new NotYet('Enter what was done to put it right', 'putRight')
  const set = { closed_at: house.clock.now(), outcome: 'given' } as const
  await step(tx, house, by, id, 'put right', set, { words: how })
}

/** How it is known that a request is the person's own; where that is open yet, the case asks it. */
export const ownAs = { ...asksAs, open: 'I cannot tell yet: the case asks for proof' } as const

/**
 * A request of the person, or of someone who acts for them, is answered as one: an access request with the day on which it
 * came. This one closes, and leads there. Returns the id of the case.
 */
export async function ownRequest(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  as: string,
  write?: WriteToRequester,
): Promise<string> {
  const one = await inHand(tx, id)
  if (one.handed_at) throw new NotYet('It was answered already: enter what they ask now as a request of its own')
  if (!Object.hasOwn(ownAs, as)) throw new NotYet('Select who it is that asks', 'as')
  const held = await disclosureById(tx, house, by, id)
  if (!held) throw new NotYet('There is no such request')
  const { requester, account } = held
  const isKnown = as !== 'open' && one.subject !== null
  const { id: made, reference } = await openCase(
    tx,
    house,
    by,
    {
      matter: 'access',
      channel: one.channel,
      requester: { name: [requester.name, requester.body].filter(Boolean).join(', '), reach: requester.reach },
      words: account.words,
      receivedAt: one.asked_at,
      enteredBy: by.id,
      note: `It came among the requests of others, as ${one.reference}`,
      ...(isKnown && one.subject ? { subject: one.subject } : {}),
    },
    write,
  )
  if (isKnown) await stepOfCase(tx, house, by, made, noted(as), {})
  await dropExtract(tx, house, by, id)
  const set = { ...noOneTime, closed_at: house.clock.now(), outcome: 'own request', rights_case: made } as const
  await step(tx, house, by, id, 'found to be the person’s own request', set, { words: reference })
  return made
}

const noted = (as: string) => (as === 'authority' ? 'authority to act for the person seen' : 'who asks is the person')
