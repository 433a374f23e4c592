import type { Selectable } from 'kysely'
import { tell } from '#src/panel/correspondence/tell.ts'
import { addDays } from '#src/platform/calendar/dates.ts'
import { isWorkingDay, nextWorkingDay } from '#src/platform/calendar/holidays.ts'
import { londonDate, londonInstant, londonTime, sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Detail, record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import { leadOf, type Officers } from './lead.ts'
import type { Outcome } from './tables.ts'
import './tables.ts'
import { readWords, type Words } from './words.ts'

const self = system('concerns')
const dayEnds = '17:00'
export type Concern = Selectable<Tables['concern']>

/** By when the lead reads a worry: the end of the working day, or of the next one. */
export function dueFor(now: Date): Date {
  const today = londonDate(now)
  const isToday = isWorkingDay(today) && londonTime(now) < dayEnds
  const day = isToday ? today : nextWorkingDay(addDays(today, 1))
  return londonInstant(day, dayEnds) ?? now
}

/**
 * "I am worried about this person": what someone saw is sealed in the person's record, and the lead has a mail without
 * a word of it, and the worry on Today. Whoever raises it need not know whose record it is. Safe to repeat. Undefined
 * when the record is not there or is set aside; `told` is false when no officer's account is open.
 */
export function raise(
  house: House,
  by: Actor,
  dossier: string,
  worry: { id: string; words: string },
  officers: Officers,
): Promise<{ told: boolean } | undefined> {
  return within(house, { by: self, for: 'administer the panel' }, async tx => {
    const held = await wordsIn(tx, house, dossier)
    if (!held) return undefined
    const lead = await leadOf(tx, house, officers)
    const at = house.clock.now()
    const due = dueFor(at)
    const row = { id: worry.id, dossier_id: dossier, raised_at: at, raised_by: by.id, due_at: due }
    const made = await tx
      .insertInto('concern')
      .values({ ...row, closed_at: null, closed_by: null, outcome: null })
      .onConflict(on => on.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!made) return { told: lead !== undefined }
    await keep(tx, house, dossier, { ...held, [worry.id]: { on: londonDate(at), words: worry.words, done: '' } })
    if (lead)
      await tell(tx, house, self, lead.id, 'concern raised', {
        due: sayInstant(due),
        link: `${house.config.baseUrl}/staff/concerns/${worry.id}`,
      })
    await note(tx, house, by, 'worry raised', dossier)
    return { told: lead !== undefined }
  })
}

/** The lead says what was done: the worry is closed. False when it was closed before, or the record is not there. */
export function close(
  house: House,
  by: Actor,
  id: string,
  answer: { outcome: Outcome; words: string },
): Promise<boolean> {
  return within(house, { by: self, for: 'administer the panel' }, async tx => {
    const row = await tx.selectFrom('concern').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (!row || row.closed_at) return false
    const held = await wordsIn(tx, house, row.dossier_id)
    if (!held) return false
    const at = house.clock.now()
    await tx
      .updateTable('concern')
      .set({ closed_at: at, closed_by: by.id, outcome: answer.outcome })
      .where('id', '=', id)
      .execute()
    const before = held[id]
    if (before) await keep(tx, house, row.dossier_id, { ...held, [id]: { ...before, done: answer.words } })
    await note(tx, house, by, 'worry closed', row.dossier_id, { outcome: answer.outcome })
    return true
  })
}

export async function concernById(tx: Tx, id: string): Promise<Concern | undefined> {
  return tx.selectFrom('concern').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Worries, the open ones first by their time, then those closed lately. */
export async function concernsOf(tx: Tx): Promise<(Concern & { reference: string | null })[]> {
  const rows = await tx
    .selectFrom('concern')
    .leftJoin('application', 'application.dossier_id', 'concern.dossier_id')
    .selectAll('concern')
    .select('application.reference')
    .orderBy('concern.due_at', 'desc')
    .limit(200)
    .execute()
  const open = rows.filter(row => !row.closed_at).reverse()
  return [...open, ...rows.filter(row => row.closed_at)]
}

/** Worries that wait for the lead. */
export async function openConcerns(tx: Tx): Promise<Concern[]> {
  return tx.selectFrom('concern').selectAll().where('closed_at', 'is', null).orderBy('due_at').limit(100).execute()
}

/** What is sealed of worries in a record, which is locked meanwhile; undefined when it is not there or is set aside. */
async function wordsIn(tx: Tx, house: House, dossier: string): Promise<Words | undefined> {
  const row = tx.selectFrom('dossier').select('id').where('id', '=', dossier).where('kind', '=', 'panel')
  if (!(await row.forUpdate().executeTakeFirst())) return undefined
  const ask = { by: self, for: 'administer the panel', fields: ['concern'] } as const
  const [held] = await house.vault.open(tx, 'panel', ask, [dossier])
  return held && readWords(held.concern)
}

function keep(tx: Tx, house: House, dossier: string, words: Words): Promise<void> {
  return house.vault.put(tx, self, 'panel', dossier, { concern: JSON.stringify(words) })
}

function note(tx: Tx, house: House, by: Actor, act: string, subject: string, detail: Detail = {}): Promise<void> {
  const role = by.roles[0] ?? 'system'
  return record(tx, {
    actor: by.id,
    role,
    purpose: 'administer the panel',
    act,
    detail,
    subject,
    at: house.clock.now(),
  })
}
