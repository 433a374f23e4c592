/** What a role is called on pages. */
export const roleWords: Record<string, string> = {
  officer: 'Panel officer',
  reviewer: 'Reviewer',
  'adjustments lead': 'Adjustments lead',
  communications: 'Communications',
  analyst: 'Analyst',
  dpo: 'Data protection officer',
  administrator: 'Administrator',
}
