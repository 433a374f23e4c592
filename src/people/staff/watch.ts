import type { LetterDetail, LetterName } from '#src/panel/correspondence/letters.ts'
import { tell } from '#src/panel/correspondence/tell.ts'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Queue } from '#src/platform/jobs/jobs.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import type { Role } from '#src/promises/notice/purposes.ts'
import { gateOn } from '#src/promises/vault/gate.ts'
import '../tables.ts'

/** Every morning: what the data protection team must know even if nobody opens the Today page. */
export const watchQueue: Queue = { name: 'staff-watch', cron: '15 7 * * *' }

/** Days before the policy document ends on which the DPO is written to; 0 is the day after its last. */
export const policyWarnings = [60, 30, 7, 0] as const

const by = system('watch')

/** Writes what is due, once each: warnings of a policy document that ends, and each week the ledger's signed head. */
export async function watch(house: House): Promise<void> {
  await within(house, { by, for: 'keep the service safe' }, async tx => {
    await warnOfPolicy(tx, house)
    await sendHead(tx, house)
  })
}

/** [N-18] Nobody finds out from a closed form that the policy document has lapsed. */
async function warnOfPolicy(tx: Tx, house: House): Promise<void> {
  const today = londonDate(house.clock.now())
  const last = await tx
    .selectFrom('policy_document')
    .select(['id', 'review_by'])
    .where('withdrawn_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!last) return
  const gate = await gateOn(tx, today)
  const step = gate.until ? policyWarnings.findLast(days => days > 0 && last.review_by <= addDays(today, days)) : 0
  if (step === undefined) return
  const link = `${house.config.baseUrl}/staff/protection/policy`
  const detail = { ends: sayDate(last.review_by), over: !gate.until, link }
  await once(tx, house, `policy ${last.id} at ${step}`, ['dpo'], 'policy ends', detail)
}

/** [N-52] The newest signed head leaves the machine by mail each week: whoever rewrites the ledger cannot rewrite it. */
async function sendHead(tx: Tx, house: House): Promise<void> {
  const head = await tx.selectFrom('ledger_head').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst()
  if (!head) return
  const week = Math.floor((Date.parse(londonDate(house.clock.now())) / 86_400_000 + 3) / 7)
  await once(tx, house, `ledger head of week ${week}`, ['dpo', 'administrator'], 'ledger head', {
    size: Number(head.size),
    root: head.root.toString('base64'),
    at: head.at.toISOString(),
    says: sayInstant(head.at),
    signature: head.signature.toString('base64'),
  })
}

async function once(tx: Tx, house: House, what: string, roles: Role[], letter: LetterName, detail: LetterDetail) {
  const isNew = await tx
    .insertInto('staff_notice')
    .values({ what, at: house.clock.now() })
    .onConflict(conflict => conflict.doNothing())
    .returning('what')
    .executeTakeFirst()
  if (!isNew) return
  const accounts = await tx
    .selectFrom('staff')
    .select(['dossier_id', 'roles'])
    .where('activated_at', 'is not', null)
    .where('disabled_at', 'is', null)
    .execute()
  const ids = accounts.filter(one => roles.some(role => one.roles.includes(role))).map(one => one.dossier_id)
  await tell(tx, house, by, ids, letter, detail)
}
