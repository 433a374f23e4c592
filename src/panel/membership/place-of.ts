import type { Tx } from '#src/platform/database/database.ts'
import type { PlaceOf } from '../recruitment/list/application-routes.ts'
import { memberOf } from './members.ts'
import { offerFor } from './offers/offers.ts'

/** Whether someone has a place or is offered one, and the page where it is given back. */
export const placeOf: PlaceOf = async (tx: Tx, dossier: string) => {
  if (await memberOf(tx, dossier)) return { says: 'is or was a member', href: `/staff/members/${dossier}` }
  const offer = await offerFor(tx, dossier)
  if (offer?.state !== 'offered') return undefined
  return { says: 'is offered a place', href: `/staff/members/offers/${offer.round_id}/${offer.id}` }
}
