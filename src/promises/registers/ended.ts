import { sql } from 'kysely'
import { londonDate } from '#src/platform/calendar/london.ts'
import { answersAbout } from '../retention/elsewhere.ts'
import { practiceRound } from '../retention/erase.ts'
import { standingHolds } from '../retention/holds.ts'
import { staffNames } from './names.ts'
import { list, type Register } from './register.ts'

/** Every hold there was, the latest first. */
export const holds: Register = {
  says: 'Holds',
  about: 'What stops a record’s date, who placed and approved it, and when someone looks again',
  head: [
    'Record',
    'Ground',
    'Matter',
    'Stops',
    'Placed',
    'Placed by',
    'Approved',
    'Approved by',
    'Look again on',
    'Lifted',
  ],
  rows: async (tx, house, by) => {
    const standing = await standingHolds(tx, londonDate(house.clock.now()))
    const rows = await tx.selectFrom('hold').selectAll().orderBy('placed_at', 'desc').execute()
    const name = await staffNames(tx, house, by, [
      ...rows.map(row => row.placed_by),
      ...rows.map(row => row.approved_by),
    ])
    const day = (at: Date | null) => (at ? londonDate(at) : '')
    return rows.map(row => [
      row.dossier_id,
      row.ground,
      row.matter ?? '',
      list(standing.find(one => one.id === row.id)?.stops ?? []),
      day(row.placed_at),
      name(row.placed_by),
      day(row.approved_at),
      name(row.approved_by),
      row.review_on,
      day(row.lifted_at),
    ])
  },
}

/** That records ended, the latest first. */
export const certificates: Register = {
  says: 'Certificates of deletion',
  about: 'That a record ended, when and why; it names nobody',
  head: ['Record', 'Kind', 'Why', 'Keys destroyed', 'Rows deleted', 'Processors told', 'Fingerprint'],
  rows: async (tx, _house, _by, most) => {
    const { rows } = await sql<{
      dossier_was: string
      kind: string
      reason: string
      keys_at: Date
      rows_at: Date
      processors: string[]
      sha256: Buffer
    }>`
      select * from certificate where reason <> ${practiceRound} order by rows_at desc, id desc limit ${most ?? null}`.execute(
      tx,
    )
    const answers = await answersAbout(
      tx,
      rows.filter(row => row.processors.length).map(row => row.dossier_was),
    )
    return rows.map(row => [
      row.dossier_was,
      row.kind,
      row.reason,
      row.keys_at.toISOString(),
      row.rows_at.toISOString(),
      list(answers.get(row.dossier_was) ?? row.processors),
      row.sha256.toString('hex'),
    ])
  },
}
