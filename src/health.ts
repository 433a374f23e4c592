import { sql } from 'kysely'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Jobs } from '#src/platform/jobs/jobs.ts'
import type { HealthCheck } from '#src/platform/web/health.ts'
import type { House } from '#src/promises/house.ts'

/** What /health asks: database, key store, queue, mail. */
export function healthChecks(house: House, jobs: Jobs): HealthCheck[] {
  const today = () => londonDate(house.clock.now())
  return [
    {
      name: 'database',
      check: async () => (await sql`select 1`.execute(house.db)) && { ok: true, says: house.database.engine },
    },
    {
      name: 'keyStore',
      check: async () => {
        const { alive, overdue } = await house.keys.counts(today())
        return { ok: true, says: `${alive} living, ${overdue} past their date` }
      },
    },
    {
      name: 'queue',
      check: async () => {
        const { waiting, failed } = await jobs.counts()
        return { ok: true, says: `${waiting} waiting, ${failed} given up` }
      },
    },
    {
      name: 'mail',
      check: async () => {
        const ok = await house.mailer.answers()
        return { ok, says: ok ? 'answers' : 'does not answer: letters wait' }
      },
    },
  ]
}

/** What /metrics tells besides how long pages take. */
export function gauges(house: House, jobs: Jobs) {
  const today = () => londonDate(house.clock.now())
  return [
    {
      name: 'panel_dossiers_living',
      help: 'Dossiers whose key lives',
      read: async () => (await house.keys.counts(today())).alive,
    },
    {
      name: 'panel_dossiers_overdue',
      help: 'Dossiers past their date that no hold keeps',
      read: async () => (await house.keys.counts(today())).overdue,
    },
    { name: 'panel_jobs_waiting', help: 'Jobs that wait', read: async () => (await jobs.counts()).waiting },
    { name: 'panel_jobs_failed', help: 'Jobs that were given up', read: async () => (await jobs.counts()).failed },
  ]
}
