import { AsyncLocalStorage } from 'node:async_hooks'

/** The panel as it is: everyone real. */
export const REAL = ''
/** Every world at once: for erasing, backing up and restoring alone. */
export const EVERY = '*'

/** What the database says where practice would change something that is the real panel's (0124_worlds.sql). */
export const NOT_IN_PRACTICE = 'PK001'

const worlds = new AsyncLocalStorage<string>()

/**
 * Whose world the work at hand happens in: the real one, or the practice of one member of staff, named by their id. Each
 * transaction tells the database, which shows the people and rounds of that world and no others.
 */
export function worldNow(): string {
  return worlds.getStore() ?? REAL
}

/** Whether the work at hand is practice with invented people. */
export function isPractice(): boolean {
  return worldNow() !== REAL && worldNow() !== EVERY
}

/** Does work in a world, and whatever follows from it. */
export function inWorld<T>(world: string, work: () => T): T {
  return worlds.run(world, work)
}
