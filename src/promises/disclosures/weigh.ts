import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { type Basis, basis, whyNotBased } from './basis.ts'
import { inHand, NotYet, step } from './disclosure.ts'
import { basesFor, gateways } from './kinds.ts'
import { type SwitchedOff, switchedOff, whyNotSwitchedOff } from './prejudice.ts'

export interface Found {
  gateway: string
  lawfulBasis: string
  fields: readonly string[]
  lessWeighed: boolean
  /** The answer to the prejudice test, for each right of the person: what is not named here stays on. */
  switchedOff: SwitchedOff | undefined
  /** How it was made sure who asks. */
  identity: string
  /** What the request rests on, and why what it asks for is needed. */
  basis?: Basis
  /** The gateway and the reason in words; needed for a request of another kind. */
  gatewayWords?: string
}

/** What is weighed before a decision: who asks, the gateway and the basis, whether less would do, and the prejudice test. */
export async function weigh(tx: Tx, house: House, by: Actor, id: string, found: Found): Promise<void> {
  const one = await inHand(tx, id)
  if (one.decision) throw new NotYet('It is decided already')
  if (!one.subject) throw new NotYet('We hold no record of this person: there is nothing to give')
  if (!found.identity) throw new NotYet('Enter how you made sure who asks', 'identity')
  if (!Object.hasOwn(gateways[one.type], found.gateway)) throw new NotYet('Select the gateway in the law', 'gateway')
  const lawful_basis = basesFor[one.type].find(each => each === found.lawfulBasis)
  if (!lawful_basis) throw new NotYet('Select the lawful basis of giving it', 'lawfulBasis')
  const { gatewayWords = '' } = found
  if (one.type === 'other' && !gatewayWords)
    throw new NotYet('Name the gateway in the law, and why it applies', 'gatewayWords')
  const onWhat = found.basis ?? basis.parse({})
  const unfounded = whyNotBased(one.type, onWhat)
  if (unfounded) throw new NotYet(unfounded.says, unfounded.field)
  if (lawful_basis === 'obligation' && one.type === 'legal' && onWhat.proof !== 'order') throw obliged
  if (!found.lessWeighed) throw new NotYet('Say whether less could be given: it has to be asked each time', 'less')
  const approved_fields = one.asked_fields.filter(field => found.fields.includes(field))
  const change = { identity: found.identity, gatewayWords, basis: onWhat, prejudice: found.switchedOff ?? {} }
  const set = { gateway: found.gateway, lawful_basis, approved_fields, less_weighed: true }
  const weighed = { ...set, switched_off: rightsOff(found.switchedOff), weighed_at: house.clock.now() }
  await step(tx, house, by, id, 'disclosure weighed', weighed, { change })
}

const obliged = new NotYet(
  'Only an order or a law obliges us: select that it rests on one, or another basis',
  'lawfulBasis',
)

/** The rights that the answer to the prejudice test switches off; it has to be asked of each, with a reason of its own. */
export function rightsOff(found: SwitchedOff | undefined): string[] {
  if (!found) throw new NotYet('Ask of each right of the person whether it would prejudice the purpose', 'asked')
  const wrong = whyNotSwitchedOff(found)
  if (wrong) throw new NotYet(wrong.says, wrong.field)
  return switchedOff(found)
}

/** Switches on again every right of the person that was switched off: telling them does no harm any more. */
export async function letPersonSee(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  const one = await tx.selectFrom('disclosure').selectAll().where('dossier_id', '=', id).forUpdate().executeTakeFirst()
  if (!one?.switched_off) throw new NotYet('Answer first whether telling them would prejudice the purpose')
  await step(tx, house, by, id, 'disclosure shown to the person', { switched_off: [] })
}
