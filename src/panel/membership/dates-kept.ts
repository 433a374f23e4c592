import { sql } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { Figure } from '#src/promises/evidence/figures.ts'
import type { Clause } from '#src/promises/notice/clauses.ts'

/** Whether anyone’s record stands longer than the notice says: a member’s, or an applicant’s who has no place. */
export async function datesKept(tx: Tx): Promise<[Clause, Figure][]> {
  const { rows } = await sql<{ members: number; long: number; applicants: number; longer: number }>`
    select count(m.dossier_id)::int as members,
      count(*) filter (where m.dossier_id is not null
        and d.expires_on > (m.starts_on + interval '42 months')::date)::int as long,
      count(*) filter (where m.dossier_id is null)::int as applicants,
      count(*) filter (where m.dossier_id is null
        and d.expires_on > ((r.closes_at at time zone 'Europe/London')::date + interval '6 months')::date)::int as longer
    from application a join dossier d on d.id = a.dossier_id join round r on r.id = a.round_id
      left join member m on m.dossier_id = a.dossier_id`.execute(tx)
  const { members = 0, long = 0, applicants = 0, longer = 0 } = rows[0] ?? {}
  return [
    [
      'N-49',
      { says: `${long} of ${members} members’ records end later than their term and six months`, ok: long === 0 },
    ],
    [
      'N-50',
      {
        says: `${longer} of ${applicants} applications end later than six months after the closing date`,
        ok: longer === 0,
      },
    ],
  ]
}
