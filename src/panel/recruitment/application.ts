import { randomInt } from 'node:crypto'
import { z } from 'zod'
import type { LetterDetail } from '#src/panel/correspondence/letters.ts'
import { tell } from '#src/panel/correspondence/tell.ts'
import { sayDate, sayInstant, startOfDay } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { system } from '#src/promises/notice/actor.ts'
import { noteTold } from '#src/promises/publishing/version.ts'
import type { Values } from '#src/promises/vault/vault.ts'
import { endOf, expiriesOf, type Round, roundById, stateOf } from './round.ts'
import type { ApplicationState, ReceivedVia } from './tables.ts'

const windowsSchema = z.record(z.string(), z.string())

export interface Application {
  id: string
  roundId: string
  reference: string
  state: ApplicationState
  sentAt: Date | null
  changedAt: Date
  receivedVia: ReceivedVia
  pagesDone: string[]
  /** The window that saved each page last. */
  windows: { [page: string]: string }
  landlordUnlisted: boolean
  markedSpecial: boolean
}

/** How the privacy notice was given, and which version. */
export interface NoticeGiven {
  version: number
  how: 'shown on screen' | 'read out by phone' | 'sent by post' | 'on the paper form'
  /** The day it was given, where that is not today. */
  on?: string
}

export interface Received {
  via: ReceivedVia
  /** The true date of receipt, where that is not today. */
  on?: string
  enteredBy?: string
  /** Names the form that was typed: sending it twice enters it once. */
  once?: string
}

/** Begins an application: a dossier of its own, a draft until it is sent. Returns its id. */
export async function begin(
  tx: Tx,
  house: House,
  by: Actor,
  round: Round,
  notice: NoticeGiven,
  received: Received = { via: 'web' },
): Promise<string> {
  const now = house.clock.now()
  const id = await house.vault.begin(tx, by, 'panel', expiriesOf(round).draft)
  await tx
    .insertInto('application')
    .values({
      dossier_id: id,
      round_id: round.id,
      reference: newReference(),
      state: 'draft',
      started_at: now,
      sent_at: null,
      changed_at: now,
      withdrawn_at: null,
      received_via: received.via,
      received_on: received.on ?? null,
      entered_by: received.enteredBy ?? null,
      entered_once: received.once ?? null,
      notice_version: String(notice.version),
      notice_given_how: notice.how,
      notice_given_at: notice.on ? startOfDay(notice.on) : now,
      email_confirmed_at: null,
      reminded_at: null,
    })
    .execute()
  await noteTold(tx, house, notice.version, [id], notice.how)
  await record(tx, {
    ...acting(by),
    act: 'application begun',
    subject: id,
    detail: { round: round.id, via: received.via },
    at: now,
  })
  return id
}

/** Seals the answers of one page, and notes the window they came from. */
export async function saveAnswers(
  tx: Tx,
  house: House,
  by: Actor,
  application: Application,
  page: string,
  values: Values<'panel'>,
  flags: { landlordUnlisted?: boolean; markedSpecial?: boolean; window?: string } = {},
): Promise<void> {
  const now = house.clock.now()
  await house.vault.put(tx, by, 'panel', application.id, values)
  const pages = [...new Set([...application.pagesDone, page])]
  await tx
    .updateTable('application')
    .set({
      pages_done: pages,
      changed_at: now,
      ...(flags.window ? { windows: JSON.stringify({ ...application.windows, [page]: flags.window }) } : {}),
      ...(flags.landlordUnlisted === undefined ? {} : { landlord_unlisted: flags.landlordUnlisted }),
      ...(flags.markedSpecial === undefined ? {} : { marked_special: flags.markedSpecial }),
    })
    .where('dossier_id', '=', application.id)
    .execute()
}

/** Sends an application: from now on officers see it, and it lives until the applicant's date. Safe to repeat. */
export async function send(tx: Tx, house: House, by: Actor, application: Application, round: Round): Promise<void> {
  if (application.state !== 'draft') return
  const now = house.clock.now()
  const { sent } = expiriesOf(round)
  const changed = await tx
    .updateTable('application')
    .set({ state: 'sent', sent_at: now, changed_at: now })
    .where('dossier_id', '=', application.id)
    .where('state', '=', 'draft')
    .executeTakeFirst()
  if (!changed.numUpdatedRows) return
  await house.vault.moveExpiry(tx, by, [application.id], sent, 'application sent')
  await record(tx, {
    ...acting(by),
    act: 'application sent',
    subject: application.id,
    detail: { round: round.id },
    at: now,
  })
  const detail = receipt(house, round, application.reference)
  await tell(tx, house, system('recruitment'), application.id, 'application received', detail)
}

/** What the letter says that tells someone their application is here. */
export function receipt(house: House, round: Round, reference: string): LetterDetail {
  return {
    reference,
    round: round.name,
    closes: sayInstant(endOf(round)),
    deleted: sayDate(expiriesOf(round).sent),
    link: `${house.config.baseUrl}/sign-in`,
  }
}

/** Withdraws an application: nobody reads it any more. Safe to repeat: a second call changes nothing. */
export async function withdraw(tx: Tx, house: House, by: Actor, application: Application): Promise<void> {
  if (application.state === 'withdrawn') return
  const now = house.clock.now()
  await tx
    .updateTable('application')
    .set({ state: 'withdrawn', withdrawn_at: now, changed_at: now })
    .where('dossier_id', '=', application.id)
    .execute()
  await record(tx, { ...acting(by), act: 'application withdrawn', subject: application.id, at: now })
  const living = await house.vault.record(application.id)
  await tell(tx, house, system('recruitment'), application.id, 'withdrawn', {
    reference: application.reference,
    deleted: living ? sayDate(living.expiresOn) : '',
  })
}

/** The address of an application is known to be its owner's; `anew` when it is another one than before. */
export async function addressConfirmed(tx: Tx, house: House, id: string, { anew = false } = {}): Promise<void> {
  const set = tx.updateTable('application').set({ email_confirmed_at: house.clock.now() }).where('dossier_id', '=', id)
  await (anew ? set : set.where('email_confirmed_at', 'is', null)).execute()
}

/** The references of people, by dossier. */
export async function referencesOf(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (!ids.length) return new Map()
  const rows = await tx
    .selectFrom('application')
    .select(['dossier_id', 'reference'])
    .where('dossier_id', 'in', [...ids])
    .execute()
  return new Map(rows.map(row => [row.dossier_id, row.reference]))
}

/** The dossiers of those whose applications of a round stand: sent, and not withdrawn. */
export async function applicantsOf(tx: Tx, round: string): Promise<string[]> {
  const query = tx.selectFrom('application').select('dossier_id').where('round_id', '=', round)
  return (await query.where('state', '=', 'sent').orderBy('reference').execute()).map(row => row.dossier_id)
}

/** The application that was typed on a form, if it was sent before. */
export async function enteredOnce(tx: Tx, once: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('application')
    .select('dossier_id')
    .where('entered_once', '=', once)
    .executeTakeFirst()
  return row?.dossier_id
}

/** The application of a dossier; `toChange` lets nobody else change it until this transaction ends. */
export async function applicationOf(tx: Tx, id: string, { toChange = false } = {}): Promise<Application | undefined> {
  const query = tx.selectFrom('application').selectAll().where('dossier_id', '=', id)
  const row = await (toChange ? query.forUpdate() : query).executeTakeFirst()
  return (
    row && {
      id: row.dossier_id,
      roundId: row.round_id,
      reference: row.reference,
      state: row.state,
      sentAt: row.sent_at,
      changedAt: row.changed_at,
      receivedVia: row.received_via,
      pagesDone: row.pages_done,
      windows: windowsSchema.parse(row.windows),
      landlordUnlisted: row.landlord_unlisted,
      markedSpecial: row.marked_special,
    }
  )
}

/** An application with its round, and whether it can still be changed. */
export async function inHand(
  tx: Tx,
  house: House,
  id: string,
  { toChange = false } = {},
): Promise<{ application: Application; round: Round; open: boolean } | undefined> {
  const application = await applicationOf(tx, id, { toChange })
  const round = application && (await roundById(tx, application.roundId))
  if (!application || !round) return undefined
  return { application, round, open: stateOf(round, house.clock.now()) === 'open' && application.state !== 'withdrawn' }
}

const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** A new reference, easy to read out by phone. */
export function newReference(): string {
  const some = (count: number) => Array.from({ length: count }, () => letters[randomInt(letters.length)]).join('')
  return `RP-${some(4)}-${some(4)}`
}

function acting(by: Actor) {
  return { actor: by.id, role: by.roles[0] ?? ('system' as const), purpose: 'administer the panel' as const }
}
