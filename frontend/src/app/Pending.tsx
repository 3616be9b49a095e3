import { Loader } from "@mantine/core";
import { useIntl } from "react-intl";

export function Pending() {
  const intl = useIntl();
  return (
    <Loader type="dots" role="status" aria-label={intl.formatMessage({ id: "app.loading" })} />
  );
}
