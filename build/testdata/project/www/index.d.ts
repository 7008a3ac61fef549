export interface Told {
  build: string;
}

export function load(): Promise<Told>;

declare function factory(): string;
export default factory;
