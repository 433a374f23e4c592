import { deserialize } from 'node:v8'
import type { Lottery } from '../lottery.ts'
import { wordsFor } from './plan.ts'
import type { Run } from './run.ts'

/** The certificate in plain words. */
export function proofOf(run: Run): string | undefined {
  if (!run.types || !run.lottery) return undefined
  return certificateOf(run).optimal
    ? 'Nobody’s chance can be raised without lowering someone whose chance is the same or worse. Checked.'
    : `Stopped before the proof was complete: within ${(100 * certificateOf(run).gap).toPrecision(2)}% of the best there can be.`
}

/** Lowest and highest chance, and how many people have the lowest. */
export function chancesOf(run: Run) {
  if (!run.types?.length) return undefined
  const chances = run.types.map(type => type.chance)
  const lowest = Math.min(...chances)
  const atLowest = run.types.filter(type => type.chance < lowest + 1e-7).reduce((sum, type) => sum + type.people, 0)
  const without = run.types.filter(type => type.chance < 1e-9)
  return {
    lowest: percent(lowest),
    highest: percent(Math.max(...chances)),
    atLowest,
    without: without.map(type => ({
      words: Object.entries(type.features)
        .map(([name, value]) => wordsFor(name, value))
        .join(', '),
      people: type.people,
    })),
  }
}

function percent(chance: number): string {
  return `${(100 * chance).toPrecision(3)}%`
}

function certificateOf(run: Run): { optimal: boolean; gap: number } {
  const kept: Lottery | undefined = run.lottery ? deserialize(run.lottery) : undefined
  return kept?.certificate ?? { optimal: false, gap: 1 }
}
