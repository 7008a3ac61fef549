export default function factory(): string;
