import type { Selectable } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import type { House } from '../house.ts'
import { record } from '../ledger/ledger.ts'
import type { Actor } from '../notice/actor.ts'
import '../vault/tables.ts'
import { type PolicyChoices, policyText } from './policy-text.ts'

type PolicyDocument = Selectable<Tables['policy_document']>

/** Approves a policy document: the officer's choices, and what the program says of itself on that day. */
export async function approvePolicy(
  tx: Tx,
  house: Pick<House, 'clock'>,
  by: Actor,
  choices: PolicyChoices,
): Promise<void> {
  const at = house.clock.now()
  await tx
    .insertInto('policy_document')
    .values({
      ...choices,
      approved_at: at,
      approved_by: by.id,
      said: JSON.stringify(policyText(choices)),
      withdrawn_at: null,
    })
    .execute()
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'administer the panel',
    act: 'policy document approved',
    detail: {
      reviewBy: choices.review_by,
      condition: choices.adjustments_condition ?? 'none',
      lapse: choices.lapse_ground ?? 'none',
    },
    at,
  })
}

/** The document that counts: the latest one that was not withdrawn. */
export function latestPolicy(tx: Tx): Promise<PolicyDocument | undefined> {
  const all = tx.selectFrom('policy_document').selectAll().where('withdrawn_at', 'is', null)
  return all.orderBy('id', 'desc').limit(1).executeTakeFirst()
}

/** Whether the program says of itself something else today than what was approved. */
export function differs(one: PolicyDocument): boolean {
  return one.said !== null && JSON.stringify(one.said) !== JSON.stringify(policyText(one))
}
