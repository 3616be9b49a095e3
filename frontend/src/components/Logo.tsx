/** The sign of HuleEdu; beside its name, or alone with the name for those who do not see it. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0f6b6b" />
      <path
        d="M9 8v16M9 16h8c3.5 0 6 2 6 5.5V24"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="m17.5 10.5 2.5 2.5 4.5-5"
        fill="none"
        stroke="#f2b84b"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
