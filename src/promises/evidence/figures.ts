import { sql } from 'kysely'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import type { Clause } from '../notice/clauses.ts'
import { dataMap } from '../notice/datamap.ts'
import { purposes } from '../notice/purposes.ts'
import { noticeInForce } from '../publishing/version.ts'
import { practiceRound } from '../retention/erase.ts'
import { pauseOf } from '../retention/sweep.ts'
import { gateOn } from '../vault/gate.ts'
import { deskFigures } from './desk-figures.ts'

/** A live number that shows a clause at work; `ok` is false when it shows the contrary. */
export interface Figure {
  says: string
  ok: boolean
  /** For the desk alone: it could tell someone of a request about them. */
  inside?: true
}
/** Figures of a room above this floor. */
export type FigureProvider = (tx: Tx, house: House) => Promise<[Clause, Figure][]>

/** Live figures by clause: counts alone, of nobody in particular. */
export async function figuresOf(
  tx: Tx,
  house: House,
  more: readonly FigureProvider[] = [],
): Promise<Map<Clause, Figure[]>> {
  const today = londonDate(house.clock.now())
  const found = new Map<Clause, Figure[]>()
  const put = (clause: Clause, says: string, ok = true) =>
    found.set(clause, [...(found.get(clause) ?? []), { says, ok }])
  const notice = await noticeInForce(tx)
  put(
    'N-01',
    notice ? `Version ${notice.version} of the notice is in force` : 'No notice is in force',
    notice !== undefined,
  )
  const gate = await gateOn(tx, today)
  put(
    'N-18',
    gate.until
      ? `A policy document is in force until ${sayDate(gate.until)}`
      : 'No policy document is in force: nothing special is taken or read',
  )
  const keys = await house.keys.counts(today)
  const paused = await pauseOf(tx)
  const invented = await tx
    .selectFrom('practice_dossier')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  const alive = keys.alive - Number(invented?.count ?? 0)
  put('N-47', `${keys.overdue} records past their date, of ${alive}`, keys.overdue === 0 || paused !== undefined)
  if (paused) put('N-47', 'Deletion waits since a restore: a person has to look', false)
  const ended = await tx
    .selectFrom('certificate')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where('reason', '!=', practiceRound)
    .executeTakeFirst()
  put('N-48', `${Number(ended?.count ?? 0)} records have ended, each with a certificate`)
  const opened = await sql<{ role: string; count: number }>`
    select role, count(*)::int as count from opening
    where 'adjustments' = any(fields) and role <> 'resident' group by role order by role`.execute(tx)
  const total = opened.rows.reduce((sum, row) => sum + row.count, 0)
  const strange = opened.rows.filter(row => !mayOpenAdjustments.has(row.role)).length
  const by = opened.rows.length === 1 ? 'role' : 'roles'
  put(
    'N-29',
    `${total} openings of adjustments by ${opened.rows.length} ${by}, ${strange} of them not in the data map`,
    !strange,
  )
  const ethnic = await sql<{ count: number }>`
    select count(*)::int as count from opening
    where 'ethnicity' = any(fields) and role <> 'resident' and purpose not in ('exercise rights', 'answer access requests')`.execute(
    tx,
  )
  const seen = Number(ethnic.rows[0]?.count ?? 0)
  put('N-28', `${seen} openings of one person’s ethnicity, outside a copy that they asked for`, seen === 0)
  const released = await tx
    .selectFrom('release')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  put('N-28', `${Number(released?.count ?? 0)} tables of groups were released`)
  const exported = await sql<{ count: number }>`
    select count(*) filter (where act = 'export taken')::int as count from ledger_entry`.execute(tx)
  put('N-38', `${Number(exported.rows[0]?.count ?? 0)} exports taken, each for a purpose of the list`)
  const carried = await sql<{ all: number; alone: number }>`
    select count(*) filter (where act in ('carried out', 'carried out alone'))::int as all,
      count(*) filter (where act = 'carried out alone')::int as alone from ledger_entry`.execute(tx)
  const { all: done = 0, alone = 0 } = carried.rows[0] ?? {}
  put('N-70', `${done} requests were carried out; ${alone} of them were erasures by one person alone, with a reason`)
  const many = await sql<{ all: number; alone: number }>`
    select count(*) filter (where act in ('decisions confirmed', 'decisions confirmed alone'))::int as all,
      count(*) filter (where act = 'decisions confirmed alone')::int as alone from ledger_entry`.execute(tx)
  const { all: decided = 0, alone: single = 0 } = many.rows[0] ?? {}
  put('N-06', `${decided} decisions about several applications were confirmed; ${single} of them by one person alone`)
  const untold = await sql<{ count: number }>`
    select count(*)::int as count from dossier d
    where d.kind = 'panel' and not exists (select from notice_told t where t.dossier_id = d.id)`.execute(tx)
  const missed = Number(untold.rows[0]?.count ?? 0)
  put('N-03', `${missed} records of residents without a note of which notice was given`, missed === 0)
  const ledger = await tx
    .selectFrom('ledger_head')
    .select(['size', 'at'])
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  put('N-52', ledger ? `${ledger.size} entries of the ledger are signed` : 'The ledger has no signed head yet')
  const small = await sql<{ count: number }>`
    select count(*)::int as count from release, jsonb_each(cells) as cell
    where cell.value <> 'null' and cell.value <> '0' and (cell.value)::int < threshold`.execute(tx)
  const tooSmall = Number(small.rows[0]?.count ?? 0)
  put('N-51', `${tooSmall} groups shown that are smaller than the least that may be`, tooSmall === 0)
  const overdue = purposesOverdue(today)
  put('N-15', `${overdue.length} purposes not reviewed within a year`, overdue.length === 0)
  for (const provide of [deskFigures, ...more])
    for (const [clause, figure] of await provide(tx, house)) found.set(clause, [...(found.get(clause) ?? []), figure])
  return found
}

/** The roles that the purposes of the data map let open adjustments. */
const mayOpenAdjustments = new Set<string>(
  dataMap.panel.adjustments.purposes.flatMap(purpose => Object.keys(purposes[purpose].roles)),
)

function purposesOverdue(today: string): string[] {
  const year = `${Number(today.slice(0, 4)) - 1}${today.slice(4)}`
  return Object.entries(purposes)
    .filter(([, rule]) => rule.reviewed < year)
    .map(([name]) => name)
}
