import type { Fault } from './fault.ts'
import { NOT_STATED, type Pool } from './pool.ts'
import type { Quota } from './quotas.ts'

/**
 * Checks that pool, quotas and size can belong together at all; what is left to the solver is whether they conflict. Of a
 * file that has faults of its own only that is said which does not hang on them.
 */
export function agree(
  pool: Pool,
  quotas: Quota[],
  size: number,
  files: { pool: string; quotas: string },
  faults: Fault[],
): void {
  const isSound = (file: string) => !faults.some(fault => fault.file === file)
  const sound = { pool: isSound(files.pool), quotas: isSound(files.quotas) }
  const add = (file: string, line: number | undefined, what: string, mend: string) =>
    faults.push({ file, ...(line === undefined ? {} : { line }), what, mend })
  if (!Number.isInteger(size) || size < 1) {
    const mend = 'Give it with --size, for example --size 30.'
    return void add(files.pool, undefined, 'The panel size is not a whole number of 1 or more.', mend)
  }
  if (sound.pool && size > pool.ids.length) {
    const what = `The panel is ${size} people and the pool has ${pool.ids.length}.`
    add(files.pool, undefined, what, 'Make the panel smaller or find more people.')
  }
  if (!sound.quotas) return
  for (const [f, feature] of pool.features.entries()) {
    const own = quotas.filter(quota => quota.feature === feature)
    const have = new Int32Array(pool.values[f]?.length ?? 0)
    for (const code of pool.codes[f] ?? []) have[code] = (have[code] ?? 0) + 1
    for (const [code, quota] of own.entries())
      if (sound.pool && quota.min > 0 && !have[code])
        add(
          files.quotas,
          quota.line,
          `At least ${quota.min} must be “${feature}: ${quota.value}” and nobody is.`,
          'Lower its min to 0, or correct its spelling to that of the pool.',
        )
    const unstated = have[pool.values[f]?.indexOf(NOT_STATED) ?? -1] ?? 0
    const least = own.reduce((sum, quota) => sum + quota.min, 0)
    const most = own.reduce((sum, quota) => sum + quota.max, 0) + unstated
    if (least > size)
      add(
        files.quotas,
        own[0]?.line,
        `The mins of “${feature}” add up to ${least}, above the panel size, ${size}.`,
        `Lower them by ${least - size} in all.`,
      )
    if (sound.pool && most < size)
      add(
        files.quotas,
        own[0]?.line,
        `The maxes of “${feature}” add up to ${most}, below the panel size, ${size}.`,
        `Raise them by ${size - most} in all.`,
      )
  }
}
