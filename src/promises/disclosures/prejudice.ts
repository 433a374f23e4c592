import type { Wrong } from './disclosure.ts'

/**
 * The rights of the person that a request of others may switch off, and nothing else: each only so far as it would be likely
 * to prejudice what the request is for (DPA 2018 Schedule 2 paragraphs 2(1) and 5), with a reason of its own.
 */
export const switchableRights = {
  told: 'Being told that it was asked for, on their page and in their copy (Articles 13 to 15)',
  log: 'Seeing the opening made for it in “who opened your record” (Article 15)',
} as const
export type SwitchableRight = keyof typeof switchableRights

/** The rights that are switched off, each with why it would be likely to prejudice the purpose. */
export type SwitchedOff = Partial<Record<SwitchableRight, string>>

export function switchedOff(found: SwitchedOff): SwitchableRight[] {
  return rightsOf(Object.keys(found))
}

export function rightsOf(names: readonly string[]): SwitchableRight[] {
  return names.filter((name): name is SwitchableRight => Object.hasOwn(switchableRights, name))
}

/** What is wrong with an answer to the prejudice test, by question: it has to be asked of each right, with a reason of its own. */
export function unanswered(found: SwitchedOff | undefined): Wrong {
  if (!found) return { asked: 'Ask of each right of the person whether it would prejudice the purpose' }
  const off = switchedOff(found)
  const bare = off.filter(right => !found[right])
  return {
    ...(off.includes('told') && !off.includes('log')
      ? { off: 'The opening would tell them of the request: switch that off too, or leave both on' }
      : {}),
    ...Object.fromEntries(
      bare.map(right => [
        `${right}Why`,
        'Say for each right that you switch off why it would be likely to prejudice the purpose, or leave it on',
      ]),
    ),
  }
}

/** How the prejudice test was answered, in words for a register. */
export function saysSwitchedOff(off: readonly string[] | null): string {
  if (!off) return 'Prejudice test not answered yet'
  const rights = rightsOf(off).map(right => switchableRights[right])
  return rights.length ? `Switched off: ${rights.join('; ')}` : 'Every right stays on'
}
