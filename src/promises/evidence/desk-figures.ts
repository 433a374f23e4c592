import { sql } from 'kysely'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import type { Clause } from '../notice/clauses.ts'
import { processors } from '../notice/processors.ts'
import { processorEntries, processorToday } from '../processors/processors.ts'
import { holdToday, standingHolds } from '../retention/holds.ts'
import { cases } from '../rights/cases.ts'
import { isLate } from '../rights/next.ts'
import type { Figure } from './figures.ts'

/** What the data protection desk shows of its own work: requests, disclosures, processors and holds. */
export async function deskFigures(tx: Tx, house: House): Promise<[Clause, Figure][]> {
  const today = londonDate(house.clock.now())
  return [
    ...(await ofCases(tx, today)),
    ...(await ofDisclosures(tx)),
    ...(await ofProcessors(tx, today)),
    ...(await ofHolds(tx, today)),
  ]
}

async function ofCases(tx: Tx, today: string): Promise<[Clause, Figure][]> {
  const all = await cases(tx)
  const requests = all.filter(one => one.matter !== 'complaint')
  const complaints = all.filter(one => one.matter === 'complaint')
  const late = (some: typeof all) => some.filter(one => isLate(one, today)).length
  const ways = ['web', 'email', 'phone', 'post'].map(
    way => `${all.filter(one => one.channel === way).length} by ${way}`,
  )
  const open = requests.filter(one => !one.closed_at).length
  return [
    [
      'N-70',
      { says: `${requests.length} requests, ${open} open, ${late(requests)} past their date`, ok: !late(requests) },
    ],
    ['N-72', { says: `Requests and complaints came ${ways.join(', ')}`, ok: true }],
    [
      'N-73',
      {
        says: `${complaints.length} complaints about data, ${late(complaints)} not acknowledged within 30 days`,
        ok: !late(complaints),
      },
    ],
  ]
}

async function ofDisclosures(tx: Tx): Promise<[Clause, Figure][]> {
  const { rows } = await sql<{ asked: number; refused: number; released: number; alone: number; wider: number }>`
    select count(*)::int as asked, count(*) filter (where decision = 'refuse')::int as refused,
      count(released_at)::int as released,
      count(*) filter (where released_at is not null and
        (second is distinct from 'agree' or second_by is not distinct from decided_by) and not is_emergency)::int as alone,
      count(*) filter (where released_at is not null and not (approved_fields <@ asked_fields))::int as wider
    from disclosure`.execute(tx)
  const { asked = 0, refused = 0, released = 0, alone = 0, wider = 0 } = rows[0] ?? {}
  const says = `${asked} requests of others: ${released} answered with an extract, ${refused} refused, ${alone} decided by one person`
  return [
    ['N-40', { says, ok: alone === 0, inside: true }],
    ['N-46', { says: `${wider} extracts wider than what was asked for`, ok: wider === 0, inside: true }],
  ]
}

async function ofProcessors(tx: Tx, today: string): Promise<[Clause, Figure][]> {
  const standing = (await processorEntries(tx)).filter(one => !one.ended_on)
  const overdue = standing.filter(one => processorToday(one, today).some(item => item.isOverdue)).length
  const entry = (name: string) => standing.find(one => one.recipient === name)
  const contract = (name: string) => {
    const one = entry(name)
    return one ? `contract of ${one.contract_on}, evidence checked ${one.evidence_on}` : 'no contract is entered'
  }
  const zoom: Figure = { says: `Zoom: ${contract('Zoom')}`, ok: true }
  const tail = await sql<{ count: number }>`
    select count(*)::int as count from processor_deletion where tail_ends >= ${today}`.execute(tx)
  return [
    ['N-36', { says: `GovDelivery: ${contract('GovDelivery')}`, ok: true }],
    ['N-58', zoom],
    [
      'N-59',
      { says: `${standing.length} processors are entered, of ${processors.length} that the notice names`, ok: true },
    ],
    ['N-59', { says: `${overdue} entries with evidence or a review overdue`, ok: overdue === 0 }],
    ['N-60', zoom],
    [
      'N-68',
      { says: `${Number(tail.rows[0]?.count ?? 0)} records ended of which a processor may keep a rest`, ok: true },
    ],
  ]
}

async function ofHolds(tx: Tx, today: string): Promise<[Clause, Figure][]> {
  const all = await standingHolds(tx, today)
  const late = all.filter(one => holdToday(one, today)?.isOverdue).length
  const alone = all.filter(one => one.ground === 'legal matter' && one.approved_by === one.placed_by).length
  const says = `${all.length} holds stand, ${late} past the day to look again, ${alone} approved by one person alone`
  return [['N-47', { says, ok: true }]]
}
