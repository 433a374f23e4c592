import { addressValue } from '../values.ts'
import { plain } from './find.ts'

/** What tells that two applications may be one person's. */
export interface Marked {
  name?: string | undefined
  area?: string | undefined
  phone?: string | undefined
  email?: string | undefined
  address?: string | undefined
}

/** The marks of an application: what it has in common with another that bears the same, and how that is written. */
export function marksOf(person: Marked, homes: boolean): { because: string; value: string }[] {
  const { name, area, phone, email, address } = person
  const marks: [string, string | undefined][] = [
    ['the same name and council area', name && area && `${plain(name)}\n${area}`],
    ['the same phone number', phone?.replace(/\D/g, '').replace(/^44/, '0')],
    ['the same email address', email?.toLowerCase()],
    ['the same postal address', homes ? homeOf(address) : undefined],
  ]
  return marks.flatMap(([because, value]) => (value ? { because, value: `${because}\n${value}` } : []))
}

/** A postal address as its first line and postcode, whatever its spelling. */
function homeOf(value: string | undefined): string | undefined {
  const address = addressValue.read(value)
  return address && `${plain(address.lines[0] ?? '').replace(/[^a-z0-9]/g, '')}\n${address.postcode}`
}
