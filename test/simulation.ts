import { addDays, addMonths } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { hold, liftHold, liftRestriction, restrict } from '#src/promises/retention/brakes.ts'
import { applicantExpiry, memberExpiry } from '#src/promises/retention/due/expiry.ts'
import { erase } from '#src/promises/retention/erase.ts'
import { sweep } from '#src/promises/retention/sweep.ts'
import { testHouse } from './house.ts'

/**
 * Daily life of a panel under a clock that runs: rounds open, close and move, people apply, are appointed, leave, come
 * back for another term, are held, restricted and erased; every night the sweep. Returns each midnight on which a record
 * was past its date without a hold, and what happened.
 */
export async function simulate({ days, people, seed = 7 }: { days: number; people: number; seed?: number }) {
  const house = await testHouse({ now: '2026-01-01T12:00:00Z' })
  const by = system('test')
  let state = seed
  const chance = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x7fffffff
  }
  const alive: string[] = []
  const held = new Map<string, 'legal matter' | 'restriction'>()
  const late: string[] = []
  const did = { born: 0, appointed: 0, left: 0, moved: 0, held: 0, erased: 0, swept: 0 }
  const pick = () => alive[Math.floor(chance() * alive.length)]
  const rights = { by, for: 'exercise rights' } as const
  let closing = '2026-02-01'
  for (let day = 0; day < days; day++) {
    const today = addDays('2026-01-01', day)
    house.clock.set(`${today}T12:00:00Z`)
    await within(house, rights, async tx => {
      if (today > closing) closing = addDays(today, 60)
      const births = Math.floor((people / days) * 2 * chance() + chance())
      if (births) {
        const kind = chance() < 0.05 ? 'case' : 'panel'
        const ids = await house.vault.beginMany(tx, by, kind, applicantExpiry(closing), births)
        if (kind === 'panel') alive.push(...ids)
        did.born += births
      }
      const someone = pick()
      if (!someone) return
      const what = chance()
      if (what < 0.1) {
        await house.vault.moveExpiry(tx, by, [someone], memberExpiry(today), 'appointed')
        did.appointed++
      } else if (what < 0.15) {
        await house.vault.moveExpiry(tx, by, [someone], memberExpiry(addMonths(today, -12), today), 'left')
        did.left++
      } else if (what < 0.2) {
        closing = addDays(closing, 7)
        await house.vault.moveExpiry(tx, by, [someone], applicantExpiry(closing), 'closing date moved')
        did.moved++
      } else if (what < 0.25 && !held.has(someone)) {
        const ground = chance() < 0.5 ? ('legal matter' as const) : ('restriction' as const)
        if (ground === 'restriction') await restrict(tx, house, by, someone, addDays(today, 30))
        else await hold(tx, house, by, someone, ground, addDays(today, 30))
        held.set(someone, ground)
        did.held++
      } else if (what < 0.3 && held.size) {
        const [id, ground] = [...held][0] ?? []
        if (id && ground) {
          if (ground === 'restriction') await liftRestriction(tx, house, by, id)
          else await liftHold(tx, house, by, id, ground)
          held.delete(id)
        }
      }
    })
    if (chance() < 0.05) {
      const someone = pick()
      if (someone && !held.has(someone)) {
        await erase(house.reach, by, [someone], 'erasure request')
        did.erased++
      }
    }
    house.clock.set(`${addDays(today, 1)}T03:20:00Z`)
    did.swept += (await sweep(house.reach)).ended
    const { overdue } = await house.keys.counts(londonDate(house.clock.now()))
    if (overdue) late.push(today)
    const records = await house.keys.read(alive)
    for (let i = alive.length - 1; i >= 0; i--) if (records.get(alive[i] ?? '')?.state !== 'alive') alive.splice(i, 1)
  }
  return { late, did, house }
}
