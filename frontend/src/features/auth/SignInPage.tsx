export function SignInPage() {
  return <p />;
}
