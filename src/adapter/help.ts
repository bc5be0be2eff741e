// What a user of the console is told who asks for help: the query form by example.

export const HELP = `Order                                all orders at this point of the timeline
Order["1042"]                        one of them by its id
Order["1042"].status                 an attribute; .customer.name follows a relation
Order[status="paid" and total>100]   those for which it is true: = != < <= > >= ~ in, and or not
count(Payment[state="failed"])       count, sum, min, max, exists
Order["1042"].status @ -1            one point earlier; @ 4711 is a place, @ "10:30:12" a time (UTC)

Step Over and Step Back go to the next and previous event, Step Into to the next event of the entity in focus,
Step Out to the next snapshot, Continue to the next breakpoint and then live, Reverse back to the previous breakpoint.
Function breakpoints name a transition (Order.status: paid -> cancelled, * for any) or an event (OrderPaid).`;
