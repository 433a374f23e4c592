import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { hold, liftHold } from '../retention/brakes.ts'
import type { Matter } from './rights.ts'

/** An erasure does not keep what it asks to end. */
const keeps = (matter: Matter) => matter !== 'erasure' && matter !== 'ring back'

/** While a request is open the record that it is about does not end at night, until someone looks again on `reviewOn`. */
export async function holdWhileOpen(
  tx: Tx,
  house: House,
  by: Actor,
  one: { matter: Matter; subject: string | null },
  reviewOn: string,
): Promise<void> {
  if (!one.subject || !keeps(one.matter) || (await house.vault.record(one.subject))?.state !== 'alive') return
  await hold(tx, house, by, one.subject, 'rights request', reviewOn)
}

/** Lets go once the last open request about the record is closed. */
export async function letGo(
  tx: Tx,
  house: House,
  by: Actor,
  one: { dossier_id: string; subject: string | null },
): Promise<void> {
  if (!one.subject || (await house.vault.record(one.subject))?.state !== 'alive') return
  const others = await tx
    .selectFrom('rights_case')
    .select('matter')
    .where('subject', '=', one.subject)
    .where('dossier_id', '!=', one.dossier_id)
    .where('closed_at', 'is', null)
    .execute()
  if (!others.some(other => keeps(other.matter))) await liftHold(tx, house, by, one.subject, 'rights request')
}
