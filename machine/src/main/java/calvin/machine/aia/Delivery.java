package calvin.machine.aia;

/** How a domain passes interrupts on. */
sealed interface Delivery permits DirectDelivery, MessageDelivery {}
