/** The account of a person. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly role: 'user' | 'admin';
  /** Dollars as text. */
  readonly credits: string;
  /** How far below zero the balance may go; null is without limit. */
  readonly creditLine: string | null;
  readonly createdAt: string;
}
