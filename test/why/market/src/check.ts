export type Verdict = 'running' | 'passed' | 'rejected';

export class Check {
  readonly id: string;
  verdict: Verdict = 'running';
  constructor(id: string) {
    this.id = id;
  }

  pass(): void {
    if (this.verdict !== 'running') throw new Error(`check ${this.id} is ${this.verdict}`);
    this.verdict = 'passed';
  }

  reject(): void {
    if (this.verdict !== 'running') throw new Error(`check ${this.id} is ${this.verdict}`);
    this.verdict = 'rejected';
  }
}
