/** Days without a score after which a reviewer who has something to read counts as quiet. */
export const quietDays = 5
const day = 24 * 60 * 60_000

/** Since how many days someone with answers to read has scored nothing; undefined while they are not quiet. */
export function quietFor(
  one: { assigned: number; lastAt: Date | undefined },
  openedAt: Date | null,
  now: Date,
): number | undefined {
  const since = one.lastAt ?? openedAt
  if (!one.assigned || !since) return undefined
  const days = Math.floor((now.getTime() - since.getTime()) / day)
  return days >= quietDays ? days : undefined
}
