export function EssayPage({ batchId, essayId }: { batchId: string; essayId: string }) {
  return (
    <p>
      {batchId} {essayId}
    </p>
  );
}
