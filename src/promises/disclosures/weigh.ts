import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { type Basis, basis, unfounded } from './basis.ts'
import { inHand, NotYet, step, type Wrong } from './disclosure.ts'
import { basesFor, type DisclosureType, gateways } from './kinds.ts'
import { type SwitchedOff, switchedOff, unanswered } from './prejudice.ts'

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
  const lawful_basis = basesFor[one.type].find(each => each === found.lawfulBasis)
  const approved_fields = one.asked_fields.filter(field => found.fields.includes(field))
  const onWhat = found.basis ?? basis.parse({})
  const wrong = faultsOf(one.type, found, onWhat, approved_fields.length > 0)
  if (!lawful_basis || Object.keys(wrong).length) throw new NotYet(wrong)
  const { identity, gateway, gatewayWords = '', switchedOff: off = {} } = found
  const change = { identity, gatewayWords, basis: onWhat, prejudice: off }
  const set = { gateway, lawful_basis, approved_fields, less_weighed: true, switched_off: switchedOff(off) }
  await step(tx, house, by, id, 'weighed', { ...set, weighed_at: house.clock.now() }, { change })
}

/** What is missing, by question, in the order of the form. */
function faultsOf(type: DisclosureType, found: Found, onWhat: Basis, isSome: boolean): Wrong {
  const isBased = basesFor[type].some(each => each === found.lawfulBasis)
  const isObliged = type !== 'legal' || found.lawfulBasis !== 'obligation' || onWhat.proof === 'order'
  return {
    ...(found.identity ? {} : { identity: 'Enter how you made sure who asks' }),
    ...(Object.hasOwn(gateways[type], found.gateway) ? {} : { gateway: 'Select the gateway in the law' }),
    ...(type === 'other' && !found.gatewayWords
      ? { gatewayWords: 'Name the gateway in the law, and why it applies' }
      : {}),
    ...(isObliged
      ? {}
      : { lawfulBasis: 'Only an order or a law obliges us: select that it rests on one, or another basis' }),
    ...(isBased ? {} : { lawfulBasis: 'Select the lawful basis of giving it' }),
    ...unfounded(type, onWhat),
    ...(isSome ? {} : { fields: 'Select what is needed; if nothing is, refuse it' }),
    ...(found.lessWeighed ? {} : { less: 'Say whether less could be given: it has to be asked each time' }),
    ...unanswered(found.switchedOff),
  }
}

/** Switches on again every right of the person that was switched off: telling them does no harm any more. */
export async function letPersonSee(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  const one = await tx.selectFrom('disclosure').selectAll().where('dossier_id', '=', id).forUpdate().executeTakeFirst()
  if (!one?.switched_off) throw new NotYet('Answer first whether telling them would prejudice the purpose')
  await step(tx, house, by, id, 'shown to the person', { switched_off: [] })
}
